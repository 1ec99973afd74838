import { createHash } from 'node:crypto'
import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { listTenantFiles } from './load-config.ts'

/** What became of the tenant files since the last look. */
export interface TenantFileChanges {
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export interface TenantWatcher {
  close(): void
}

async function contentHashes(directory: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const file of await listTenantFiles(directory)) {
    try {
      hashes.set(
        file,
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      )
    } catch {
      // Gone between listing and reading: the next look sees it as removed.
    }
  }
  return hashes
}

/**
 * Tells when tenant files change in content, appear or go. Editors write in several steps, so that a change is told only after
 * `settleMs` of quiet. Calls of `onChange` never overlap.
 */
export async function watchTenants(
  directory: string,
  onChange: (changes: TenantFileChanges) => Promise<void>,
  settleMs = 150,
): Promise<TenantWatcher> {
  await mkdir(directory, { recursive: true })
  let known = await contentHashes(directory)
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()
  let closed = false

  const look = async () => {
    const now = await contentHashes(directory)
    const changed = [...now].filter(([file, hash]) => known.get(file) !== hash).map(([file]) => file)
    const removed = [...known.keys()].filter((file) => !now.has(file))
    known = now
    if (!closed && (changed.length > 0 || removed.length > 0)) await onChange({ changed, removed })
  }
  const watcher: FSWatcher = watch(directory, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      looking = looking.then(look, look)
    }, settleMs)
  })
  watcher.on('error', () => undefined)
  return {
    close: () => {
      closed = true
      clearTimeout(timer)
      watcher.close()
    },
  }
}
