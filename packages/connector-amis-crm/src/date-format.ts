import { toBusinessDate } from '@amis-sync/core'
import type { Row } from '@amis-sync/core'
import type { CrmConfig } from './config.ts'
import type { Resource } from './resources.ts'

function toVietnamese(value: unknown): unknown {
  const date = typeof value === 'string' ? toBusinessDate(value) : undefined
  if (date === undefined) return value
  const [year, month, day] = date.split('-')
  return `${day}/${month}/${year}`
}

function inColumn(row: Row, path: readonly string[]): Row {
  const [name, ...rest] = path
  if (name === undefined || !(name in row)) return row
  const value = row[name]
  if (rest.length === 0) return { ...row, [name]: toVietnamese(value) }
  if (!Array.isArray(value)) return row
  return {
    ...row,
    [name]: value.map((item) => (typeof item === 'object' && item !== null ? inColumn(item as Row, rest) : item)),
  }
}

/** Writes the business dates of a row in the form that the connection is set to (contract §6.3). Other columns stay as they are. */
export function withDateFormat(resource: Resource, row: Row, format: CrmConfig['dateFormat']): Row {
  if (format === 'yyyy-MM-dd') return row
  return resource.dateColumns.reduce((done, path) => inColumn(done, path.split('.')), row)
}
