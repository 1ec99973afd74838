import { toDecimal } from '@amis-sync/core'
import type { Row, Tombstone, WireRecord } from '@amis-sync/core'
import type { AccountingConfig } from './config.ts'
import type { Resource } from './resources.ts'

/** Text or number as text; anything else and empty text is nothing. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

/** Guids are compared without case (contract §0.2), so ids are kept in lower case. */
export const idOf = (value: unknown): string | undefined => textOf(value)?.toLowerCase()

const flipped = (value: unknown): unknown => {
  const decimal = typeof value === 'number' || typeof value === 'string' ? toDecimal(value) : undefined
  return decimal === undefined ? value : 0 - Number(decimal)
}

/** Columns that `debtSign: negative` turns round, so that what customers owe is positive (contract §2.2.2). */
const debtColumns = ['debt_amount', 'invoice_debt_amount']

function figureColumns(row: Row, resource: Resource, debtSign: AccountingConfig['debtSign'], asOf: string | null): Row {
  const turned = resource.name === 'Debts' && debtSign === 'negative' ? debtColumns.filter((name) => name in row) : []
  return {
    ...row,
    ...Object.fromEntries(turned.map((name) => [name, flipped(row[name])])),
    ...(asOf === null ? {} : { as_of: asOf }),
  }
}

/**
 * A row as a record; `undefined` when it lacks the resource's id columns, that is, belongs to another table. Rows of the two figures
 * (`Debts`, `InventoryBalances`) get a column `as_of` = `LastSyncTime` of the first page (contract §4.10, §4.11): the list names no time.
 */
export function toRecord(
  row: Row,
  resource: Resource,
  debtSign: AccountingConfig['debtSign'],
  asOf: string | null,
): WireRecord | undefined {
  const ids = resource.id.map((column) => idOf(row[column]))
  if (ids.includes(undefined)) return undefined
  const key = textOf(row[resource.key])
  const version = resource.version === undefined ? undefined : textOf(row[resource.version])
  const changedBy = textOf(row['modified_by'])
  return {
    resource: resource.name,
    id: ids.join(':'),
    ...(key === undefined ? {} : { key }),
    ...(version === undefined ? {} : { version }),
    ...(changedBy === undefined ? {} : { changedBy }),
    row: resource.figure === true ? figureColumns(row, resource, debtSign, asOf) : row,
  }
}

/** A row of `get_dictionary_delete`. */
export function toTombstone(row: Row, resource: Resource): Tombstone | undefined {
  const id = idOf(row['id'])
  const key = textOf(row['code'])
  const version = textOf(row['deleted_date'])
  if (id === undefined) return undefined
  return {
    resource: resource.name,
    id,
    ...(key === undefined ? {} : { key }),
    ...(version === undefined ? {} : { version }),
  }
}
