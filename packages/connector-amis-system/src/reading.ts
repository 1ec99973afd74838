import { toInstant } from '@amis-sync/core'
import type { ChangePage, Page, Row, Tombstone, WireRecord } from '@amis-sync/core'
import type { ItemPage, SystemApi } from './api.ts'
import { unknownResource } from './errors.ts'
import { findResource } from './resources.ts'
import type { Resource } from './resources.ts'

const pageSize = 200
/** Where polls of an empty table start: at the beginning. */
const beginning = '1970-01-01T07:00:00.000+07:00'

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function toRecord(resource: Resource, row: Row): WireRecord[] {
  const id = asText(row['id'])?.toLowerCase()
  if (id === undefined) return []
  const key = asText(row['code'])
  const version = asText(row['modifiedAt'])
  return [
    {
      resource: resource.name,
      id,
      ...(key === undefined ? {} : { key }),
      ...(version === undefined ? {} : { version }),
      row,
    },
  ]
}

function toTombstone(resource: Resource, row: Row): Tombstone[] {
  const id = asText(row['id'])?.toLowerCase()
  const key = asText(row['code'])
  const version = asText(row['deletedAt'])
  if (id === undefined) return []
  return [
    {
      resource: resource.name,
      id,
      ...(key === undefined ? {} : { key }),
      ...(version === undefined ? {} : { version }),
    },
  ]
}

function modifiedAt(row: Row): number | undefined {
  const text = asText(row['modifiedAt'])
  return text === undefined ? undefined : toInstant(text)
}

export interface Reading {
  listPage(request: { readonly resource: string; readonly cursor?: string }): Promise<Page>
  changesPage(request: {
    readonly resource: string
    readonly since: string
    readonly cursor?: string
  }): Promise<ChangePage>
  readByIds(resource: string, ids: readonly string[]): Promise<readonly WireRecord[]>
}

/**
 * Listings and changes by the server's own cursors (contract §3): an item that is touched while reading comes again later, none is
 * missed. Answers that claim success and are not whole are met in two ways: the last page of a listing is read twice and the longer
 * one counts; and the watermark of a poll never stands behind what was really seen.
 */
export function createReading(api: SystemApi): Reading {
  const need = (name: string): Resource => {
    const resource = findResource(name)
    if (resource === undefined) throw unknownResource(api.name, name)
    return resource
  }

  const ask = (resource: Resource, cursor: string | undefined, since?: string): Promise<ItemPage> =>
    api.list(resource.path, {
      limit: pageSize,
      ...(cursor === undefined ? (since === undefined ? {} : { modifiedFrom: since }) : { cursor }),
    })

  /** A page; if it claims to be the last one, the longer of two answers. */
  const askTwiceAtEnd = async (resource: Resource, cursor: string | undefined, since?: string): Promise<ItemPage> => {
    const first = await ask(resource, cursor, since)
    if (first.nextCursor !== undefined) return first
    const second = await ask(resource, cursor, since)
    const more = second.items.length > first.items.length || second.nextCursor !== undefined
    // The watermark stays that of the earlier answer.
    return more ? { ...second, serverTime: first.serverTime } : first
  }

  /** What was seen up to: the server's time if the page says that more follows, else the newest item given. */
  const watermarkAfter = (page: ItemPage, since: string): string => {
    if (page.nextCursor !== undefined) return page.serverTime
    const newest = asText(page.items.at(-1)?.['modifiedAt'])
    const sinceMs = toInstant(since) ?? 0
    return newest !== undefined && (toInstant(newest) ?? 0) > sinceMs ? newest : since
  }

  return {
    async listPage({ resource: name, cursor }) {
      const resource = need(name)
      const page = await askTwiceAtEnd(resource, cursor)
      return {
        records: page.items.flatMap((row) => toRecord(resource, row)),
        ...(page.nextCursor === undefined ? {} : { next: page.nextCursor }),
        ...(cursor === undefined ? { watermark: page.items.length > 0 ? page.serverTime : beginning } : {}),
      }
    },

    async changesPage({ resource: name, since, cursor }) {
      const resource = need(name)
      const page = cursor === undefined ? await ask(resource, undefined, since) : await askTwiceAtEnd(resource, cursor)
      const sinceMs = toInstant(since) ?? 0
      // Where `modifiedFrom` is not offered, the whole list comes: what is older is no change.
      const changed = page.items.filter((row) => (modifiedAt(row) ?? sinceMs) >= sinceMs)
      return {
        records: changed.flatMap((row) => toRecord(resource, row)),
        ...(page.nextCursor === undefined ? {} : { next: page.nextCursor }),
        deleted: cursor === undefined ? page.deleted.flatMap((row) => toTombstone(resource, row)) : [],
        ...(cursor === undefined ? { watermark: watermarkAfter(page, since) } : {}),
      }
    },

    async readByIds(name, ids) {
      const resource = need(name)
      // An id becomes a part of the address: what is no plain word cannot be one.
      const unique = [...new Set(ids.map((id) => id.trim().toLowerCase()))].filter((id) => /^[\w-]+$/.test(id))
      const found = await Promise.all(unique.map((id) => api.item(resource.path, id)))
      return found.flatMap((row) => (row === undefined ? [] : toRecord(resource, row)))
    },
  }
}
