import { toInstant } from '@amis-sync/core'
import type { Row, WireRecord } from '@amis-sync/core'
import { toId } from './envelope.ts'
import type { Resource } from './resources.ts'
import type { Position } from './walk.ts'

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

/** The id of a row: the CRM's own, as text; for rows without one, the columns that name them. `undefined` when it has neither. */
export function rowId(resource: Resource, row: Row): string | undefined {
  if (resource.identity === undefined) return toId(row['id'])
  return JSON.stringify(resource.identity.map((column) => row[column] ?? null))
}

/** `undefined` = a row without an id: the answer is not what is due. */
export function toWireRecord(resource: Resource, row: Row): WireRecord | undefined {
  const id = rowId(resource, row)
  if (id === undefined) return undefined
  const key = resource.keyColumn === undefined ? undefined : asText(row[resource.keyColumn])
  const version = asText(row['modified_date'] ?? row['as_of'])
  const changedBy = asText(row['modified_by'])
  return {
    resource: resource.name,
    id,
    ...(key === undefined ? {} : { key }),
    ...(version === undefined ? {} : { version }),
    ...(changedBy === undefined ? {} : { changedBy }),
    row,
  }
}

/** When the row last changed, milliseconds since 1970; `undefined` when it does not say. */
export function modifiedAt(row: Row): number | undefined {
  const text = row['modified_date']
  return typeof text === 'string' ? toInstant(text) : undefined
}

/** `undefined` = the row does not say where it stands. */
export function toPosition(order: 'id' | 'modified', row: Row): Position | undefined {
  const id = toId(row['id'])
  const sort = order === 'id' ? 0 : modifiedAt(row)
  return id === undefined || sort === undefined ? undefined : [sort, Number(id)]
}
