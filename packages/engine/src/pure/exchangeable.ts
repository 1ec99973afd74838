import { type EntityPlugin, type Value, codeKey } from '@amis-sync/core'

/** Money, quantities, dates and flags are not for exchange: a document would say one thing here and another there. */
const kinds = new Set(['text', 'code', 'codes', 'phone'])

/** May another value stand in for this field's at the target? Never for what names the record. */
export function isExchangeable(
  plugin: EntityPlugin,
  name: string,
  value: Value | undefined,
  key: string | undefined,
): boolean {
  const field = plugin.fields[name]
  const isKey = typeof value === 'string' && key !== undefined && codeKey(value) === codeKey(key)
  return field !== undefined && kinds.has(field.kind) && !plugin.match.includes(name) && !isKey
}
