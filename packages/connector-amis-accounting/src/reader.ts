import { SyncError, isSyncError } from '@amis-sync/core'
import type { ChangePage, Page, Row, Tombstone, WireRecord } from '@amis-sync/core'
import type { Capabilities } from './capabilities.ts'
import type { AccountingConfig } from './config.ts'
import { firstPlace, fromCursor, fromWatermark, toCursor, toWatermark } from './cursor.ts'
import type { Place } from './cursor.ts'
import { listRows } from './envelope.ts'
import { unreadableError, unsupportedError } from './errors.ts'
import { readGrowing, readStretch } from './listing.ts'
import type { Batch, Stretch } from './listing.ts'
import { limits, resourceNamed, resources, vouchers } from './resources.ts'
import type { Resource } from './resources.ts'
import { textOf, toRecord, toTombstone } from './rows.ts'
import type { Session } from './session.ts'

/** Listings, changes and documents by id. */
export interface Reader {
  listPage(request: { readonly resource: string; readonly cursor?: string }): Promise<Page>
  changesPage(request: {
    readonly resource: string
    readonly since: string
    readonly cursor?: string
  }): Promise<ChangePage>
  deletions(resource: string): Promise<readonly Tombstone[] | undefined>
  /**
   * Documents by `org_refid`. A document that neither exists nor waits in ACT's queue is left out; one that waits comes with
   * `exists:false, queued:true`, so that callers tell "gone" from "not yet".
   */
  readByIds(resource: string, ids: readonly string[]): Promise<readonly WireRecord[]>
  /** Resources with a `changes` feed, by what is known of the capabilities now. */
  readonly changeFeeds: ReadonlySet<string>
  readonly readable: ReadonlySet<string>
}

export function createReader(config: AccountingConfig, session: Session, capabilities: Capabilities): Reader {
  const usable = (name: string, test: (resource: Resource) => boolean): Resource => {
    const resource = resourceNamed(name)
    if (resource === undefined || !test(resource)) {
      const what = {
        vi: `AMIS Kế toán: không đọc được "${name}" theo cách này.`,
        en: `AMIS Accounting: "${name}" cannot be read this way.`,
      }
      throw unsupportedError(what, { resource: name })
    }
    if (!capabilities.isOn(resource.needs?.read)) {
      const flag = resource.needs?.read
      throw new SyncError({
        code: 'ACCOUNTING_CAPABILITY_OFF',
        kind: 'config',
        message: {
          vi: `"${name}" đang tắt: AMIS Kế toán này không có khả năng "${flag}" (giả định). Xem mục capabilities trong cấu hình.`,
          en: `"${name}" is off: this AMIS Accounting lacks the capability "${flag}" (assumed). See capabilities in the configuration.`,
        },
        detail: { resource: name, flag },
      })
    }
    return resource
  }

  const fetchBatch = async (resource: Resource, since: string | null, skip: number): Promise<Batch> => {
    const name = resource.list?.name ?? 'get_dictionary'
    const paging = { skip, take: limits.page, last_sync_time: since }
    const own =
      resource.read === undefined
        ? { ...resource.list?.body, ...(resource.figure === true ? { branch_id: null } : {}) }
        : { data_type: resource.read, branch_id: null }
    const envelope = await session.read(name, { ...own, ...paging })
    return { rows: listRows(name, envelope), asOf: textOf(envelope.custom['LastSyncTime']) ?? null }
  }

  const stretch = async (resource: Resource, since: string | null, place: Place): Promise<Stretch> => {
    let rows = 0
    let known = 0
    const result = await readStretch(place, {
      fetch: (skip) => fetchBatch(resource, since, skip),
      toRecord(row, asOf) {
        const record = toRecord(row, resource, config.debtSign, asOf)
        rows++
        if (record !== undefined) known++
        return record
      },
      trustEmpty: since !== null,
    })
    // Not one row with our columns: the number means another table at this deployment.
    if (rows > 0 && known === 0) throw unreadableError(`${resource.name} (${resource.id.join(', ')})`, true)
    return result
  }

  const page = (result: Stretch): Page => ({
    records: result.records,
    ...(result.next === undefined ? {} : { next: toCursor(result.next) }),
  })

  const deletedSince = async (resource: Resource, since: string | null): Promise<readonly Tombstone[]> => {
    const name = 'get_dictionary_delete'
    const body = { data_type: resource.read, branch_id: null, take: limits.page, last_sync_time: since }
    const rows = await readGrowing(async (skip) => listRows(name, await session.read(name, { ...body, skip })))
    return rows.flatMap((row) => toTombstone(row, resource) ?? [])
  }

  const statesOf = async (ids: readonly string[]): Promise<readonly Row[]> => {
    try {
      const rows = listRows('get_voucher_state', await session.read('get_voucher_state', { list_org_refid: ids }))
      // One row for each id, also for documents that are gone: with fewer the answer is not whole, and proves nothing (contract §2.4).
      if (rows.length < ids.length) throw unreadableError('get_voucher_state', true)
      return rows
    } catch (error) {
      if (!isSyncError(error) || error.code !== 'TOO_MANY_ROWS' || ids.length < 2) throw error
      const middle = Math.ceil(ids.length / 2)
      return [...(await statesOf(ids.slice(0, middle))), ...(await statesOf(ids.slice(middle)))]
    }
  }

  const names = (test: (resource: Resource) => boolean): ReadonlySet<string> =>
    new Set(resources.filter((one) => test(one) && capabilities.isOn(one.needs?.read)).map((one) => one.name))

  return {
    async listPage(request) {
      const resource = usable(request.resource, () => true)
      const result = await stretch(resource, null, fromCursor(request.cursor))
      return {
        ...page(result),
        ...(request.cursor === undefined && result.asOf !== null ? { watermark: result.asOf } : {}),
      }
    },

    async changesPage(request) {
      const resource = usable(request.resource, (one) => one.watermark)
      if (request.cursor !== undefined) {
        const { rows } = toWatermark(request.since)
        return { ...page(await stretch(resource, rows, fromCursor(request.cursor))), deleted: [] }
      }
      const since = toWatermark(request.since)
      const first = await stretch(resource, since.rows, firstPlace)
      const deleted = resource.read === undefined ? [] : await deletedSince(resource, since.deleted)
      // An empty answer moves no watermark (contract §6.2). Where a deletion must move it, the answer is checked by a second look.
      const lookAgain = first.records.length === 0 && deleted.length > 0
      const result = lookAgain ? await stretch(resource, since.rows, firstPlace) : first
      const moved = (result.records.length > 0 || lookAgain) && first.asOf !== null
      // Deletions are asked for once more from where the rows stood before: an empty answer here need not have been the truth.
      const watermark = moved ? fromWatermark({ rows: first.asOf, deleted: since.rows }) : request.since
      return { ...page(result), deleted, watermark }
    },

    async deletions(name) {
      const resource = resourceNamed(name)
      return resource?.read === undefined ? undefined : deletedSince(resource, null)
    },

    async readByIds(name, ids) {
      usable(name, (resource) => resource === vouchers)
      const unique = [...new Set(ids.map((id) => id.toLowerCase()))]
      const records: WireRecord[] = []
      for (let from = 0; from < unique.length; from += limits.lookup) {
        for (const row of await statesOf(unique.slice(from, from + limits.lookup))) {
          const record = toRecord(row, vouchers, undefined, null)
          if (record !== undefined && (row['exists'] !== false || row['queued'] === true)) records.push(record)
        }
      }
      return records
    },

    get changeFeeds() {
      return names((resource) => resource.watermark)
    },

    get readable() {
      return names((resource) => resource === vouchers)
    },
  }
}
