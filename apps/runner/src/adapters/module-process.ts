import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SyncError } from '@amis-sync/core'

/** What a module says to the process that started it: its own data when it is ready, or why it cannot be. */
export type ModuleMessage<Ready> =
  { readonly ready: Ready } | { readonly failed: { readonly code: string; readonly vi: string; readonly en: string } }

export interface ModuleProcess<Ready> {
  readonly ready: Ready
  readonly pid: number
  /** Resolves when the process is gone, whoever ended it. */
  readonly gone: Promise<void>
  /** Asks it to end and waits; kills it after ten seconds. */
  stop(): Promise<void>
}

const stopWithinMs = 10_000

/**
 * Runs a module of this package as a process of its own. It ends when it is asked to, and when this process dies, however it dies.
 * `name` is relative to this folder's parent, without extension: sources run as they are, builds as they were built.
 */
export async function startModule<Ready>(name: string, input: unknown): Promise<ModuleProcess<Ready>> {
  const file = fileURLToPath(new URL(`../${name}${extname(import.meta.url)}`, import.meta.url))
  const child = fork(file, [JSON.stringify(input)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const message = await new Promise<ModuleMessage<Ready>>((resolve, reject) => {
    child.once('message', (value) => resolve(value as ModuleMessage<Ready>))
    child.once('error', reject)
    child.once('exit', (code) => reject(endedEarly(name, code)))
  })
  if ('failed' in message) {
    if (child.connected) child.disconnect()
    child.kill('SIGKILL')
    const { code, vi, en } = message.failed
    throw new SyncError({ code, kind: 'config', message: { vi, en } })
  }
  return { ready: message.ready, pid: child.pid!, gone, stop: () => stop(child, gone) }
}

async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
  if (child.connected) child.disconnect()
  await gone
  clearTimeout(timer)
}

function endedEarly(name: string, code: number | null): SyncError {
  return new SyncError({
    code: 'PROCESS_ENDED',
    kind: 'retriable',
    message: {
      vi: `Tiến trình "${name}" dừng ngay khi khởi động (mã ${code ?? 'tín hiệu'}). Hãy xem thông báo phía trên rồi chạy lại`,
      en: `The process "${name}" ended while it started (code ${code ?? 'signal'}). See the message above, then start again`,
    },
  })
}

/**
 * The other end: starts something, tells that it is ready, and closes it when the parent asks or is gone. Signals of the terminal are
 * the parent's business.
 */
export async function runModule(
  begin: (input: unknown) => Promise<{ readonly ready: unknown; close(): Promise<void> }>,
  explain: (error: unknown) => { readonly code: string; readonly vi: string; readonly en: string },
): Promise<void> {
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => undefined)
  const tell = (message: ModuleMessage<unknown>) => process.send?.(message)
  try {
    const { ready, close } = await begin(JSON.parse(process.argv[2] ?? '{}'))
    process.once('disconnect', () => {
      void close().finally(() => process.exit(0))
    })
    tell({ ready })
  } catch (error) {
    tell({ failed: explain(error) })
    process.once('disconnect', () => process.exit(1))
  }
}
