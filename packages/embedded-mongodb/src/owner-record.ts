import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { ListenAddress } from './address.ts'
import { decode, encode } from './bson/codec.ts'
import { encodeCommand, headerSize } from './wire/message.ts'
import { MessageFramer } from './wire/message-framer.ts'

/**
 * What the owner of a data directory writes beside the data once it listens. The record only tells where to connect:
 * ownership itself is the lock on the data file, which the operating system releases however the owner ends.
 */
export interface OwnerRecord {
  readonly instanceId: string
  readonly pid: number
  readonly address: ListenAddress
}

const fileName = 'owner.json'

/** Writes the record as a whole or not at all. */
export function writeOwnerRecord(dataDir: string, record: OwnerRecord): void {
  const temporary = join(dataDir, `${fileName}.${process.pid}`)
  writeFileSync(temporary, `${JSON.stringify(record)}\n`)
  renameSync(temporary, join(dataDir, fileName))
}

export function removeOwnerRecord(dataDir: string): void {
  rmSync(join(dataDir, fileName), { force: true })
}

export function readOwnerRecord(dataDir: string): OwnerRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, fileName), 'utf8')) as OwnerRecord
  } catch {
    // Not written yet, or just removed: the caller looks again.
    return undefined
  }
}

/** True when the server at the recorded address says that it is the recorded instance. */
export async function isAnswering(record: OwnerRecord, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const { address } = record
  const socket = address.kind === 'unix' ? createConnection(address.path) : createConnection(address.port, address.host)
  const framer = new MessageFramer()
  socket.setTimeout(timeoutMs, () => resolve(false))
  socket.on('connect', () => socket.write(encodeCommand(encode({ embeddedServerInfo: 1, $db: 'admin' }), 1)))
  socket.on('error', () => resolve(false))
  socket.on('close', () => resolve(false))
  socket.on('data', (chunk: Buffer) => {
    try {
      const [message] = framer.push(chunk)
      if (message) resolve(decode(message.subarray(headerSize + 5))['instanceId'] === record.instanceId)
    } catch {
      resolve(false)
    }
  })
  const answering = await promise
  socket.destroy()
  return answering
}
