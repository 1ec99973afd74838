import { toInstant, toTimeStamp } from '@amis-sync/core'
import type { Row, Tombstone } from '@amis-sync/core'
import { hasCode } from './api.ts'
import type { CrmApi, RowsAnswer } from './api.ts'
import { toId } from './envelope.ts'
import type { Resource } from './resources.ts'
import { maxPageSize } from './walk.ts'
import { advance } from './watermark.ts'

export interface Deletions {
  readonly tombstones: readonly Tombstone[]
  /** Where to look from next time. */
  readonly watermark: number
}

function toTombstone(resource: Resource, row: Row): Tombstone[] {
  const id = toId(row['id'])
  if (id === undefined) return []
  const { code, deleted_date: version } = row
  return [
    {
      resource: resource.name,
      id,
      ...(typeof code === 'string' ? { key: code } : {}),
      ...(typeof version === 'string' ? { version } : {}),
    },
  ]
}

function deletedAt(row: Row): number | undefined {
  const text = row['deleted_date']
  return typeof text === 'string' ? toInstant(text) : undefined
}

/**
 * Everything that the feed `/deleted` (contract §1.2, assumed) has for the resource since then, inclusive. The feed only grows, at its
 * end, so its pages hold still. `undefined` = this deployment does not offer it, for this resource or at all.
 */
export async function readDeletions(
  api: CrmApi,
  resource: Resource,
  since: number,
  overlapMs: number,
): Promise<Deletions | undefined> {
  const tombstones: Tombstone[] = []
  let first: RowsAnswer | undefined
  let newest: number | undefined
  let inOverlap = 0
  for (let page = 0; ; page++) {
    let answer: RowsAnswer
    try {
      answer = await api.rows('/deleted', {
        entity: resource.name,
        ...(since > 0 ? { since: toTimeStamp(since) } : {}),
        page,
        pageSize: maxPageSize,
      })
    } catch (error) {
      if (hasCode(error, 'RESOURCE_NOT_OFFERED') || hasCode(error, 'CALL_REFUSED')) return undefined
      throw error
    }
    first ??= answer
    tombstones.push(...answer.rows.flatMap((row) => toTombstone(resource, row)))
    const times = answer.rows.map(deletedAt).filter((time) => time !== undefined)
    newest = Math.max(newest ?? 0, ...times)
    inOverlap += times.length
    if (answer.rows.length < maxPageSize) break
  }
  const { serverDate } = first
  const watermark = advance({
    previous: since,
    overlapMs,
    crowded: inOverlap >= maxPageSize,
    ...(newest === 0 ? {} : { newest }),
    ...(serverDate === undefined ? {} : { serverDate }),
  })
  return { tombstones, watermark }
}
