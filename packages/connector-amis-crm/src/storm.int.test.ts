import { isSyncError } from '@amis-sync/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConnection } from './testing/connection.ts'
import { openSandbox } from './testing/sandbox.ts'
import type { TestSandbox } from './testing/sandbox.ts'

/** Everything that can happen to a read, all at once; callers try again as the engine does. */
const kinds = [
  'status',
  'html',
  'errorBody',
  'code401',
  'expireToken',
  'resetBefore',
  'empty',
  'short',
  'truncate',
  'resetAfter',
  'pageShift',
]
const rows = 350

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())

async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const mayRepeat = isSyncError(error) && (error.kind === 'retriable' || error.code === 'CREDENTIALS_REFUSED')
      if (!mayRepeat || attempt === 50) throw error
    }
  }
}

describe('reading in a storm', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('loses nothing (seed %i)', async (seed) => {
    await sandbox.admin('POST', '/reset', {})
    await sandbox.admin('POST', '/seed', { profile: 'size', n: rows, where: ['crm'] })
    const capabilities = { modifiedFrom: seed % 2 === 0, deletedFeed: seed % 3 !== 0 }
    await sandbox.admin('PUT', '/capabilities', { crm: capabilities })
    const { connection } = openConnection(sandbox.url, { capabilities })
    const resource = 'Customers'
    const storm = kinds.map((kind) => ({ system: 'crm', route: 'GET', kind, probability: 0.04 }))
    await sandbox.admin('PUT', '/faults', { seed, rules: storm })

    const seen = new Set<string>()
    let watermark: string | undefined
    let cursor: string | undefined
    do {
      const at = cursor === undefined ? {} : { cursor }
      const page = await patiently(() => connection.listPage({ resource, ...at }))
      for (const { id } of page.records) seen.add(id)
      watermark ??= page.watermark
      cursor = page.next
    } while (cursor !== undefined)
    expect(seen.size).toBe(rows)

    const wanted = new Map<string, string>()
    const found = new Map<string, unknown>()
    for (let poll = 1; poll <= 6; poll++) {
      const touched = poll < 5 ? 25 : 0
      for (let i = 0; i < touched; i++) {
        const id = 1 + ((seed * 31 + poll * 97 + i * 13) % rows)
        const tel = `${poll}-${i}`
        const key = `KH${String(id).padStart(6, '0')}`
        await sandbox.act({ action: 'update', entity: resource, key, changes: { office_tel: tel } })
        wanted.set(String(id), tel)
      }
      if (poll === 6) await sandbox.faults()
      const since = watermark ?? ''
      let next: string | undefined
      let newMark: string | undefined
      do {
        const at = next === undefined ? {} : { cursor: next }
        const page = await patiently(() => connection.changesPage({ resource, since, ...at }))
        for (const record of page.records) found.set(record.id, record.row['office_tel'])
        newMark ??= page.watermark
        next = page.next
      } while (next !== undefined)
      watermark = newMark
    }
    expect([...wanted].filter(([id, tel]) => found.get(id) !== tel)).toEqual([])
  })
})
