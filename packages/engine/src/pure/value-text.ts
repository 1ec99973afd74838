import {
  type Canonical,
  type EntityPlugin,
  type Message,
  type Value,
  normaliseText,
  splitCodes,
  toBusinessDate,
  toDecimal,
} from '@amis-sync/core'

/** What a person typed for a field, as a canonical value, or why it is none. Empty text empties the field. */
export type TypedValue = { readonly value: Value } | { readonly fault: Message }

const fault = (vi: string, en: string): TypedValue => ({ fault: { vi, en } })

function parsed(kind: string, text: string): Value | undefined {
  switch (kind) {
    case 'flag':
      return /^(true|có|co|yes|1)$/i.test(text) ? true : /^(false|không|khong|no|0)$/i.test(text) ? false : undefined
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
    case 'decimal':
      return toDecimal(text)
    case 'date':
      return toBusinessDate(text)
    case 'codes':
      return splitCodes(text)
    case 'list':
      return undefined
    default:
      return text
  }
}

/** Checked by the field's kind and by the plugin's schema, inside the record that it will stand in. */
export function typedValue(plugin: EntityPlugin, name: string, typed: string, record: Canonical): TypedValue {
  const field = plugin.fields[name]
  const labels = field?.labels ?? { vi: name, en: name }
  if (!field) {
    const known = Object.keys(plugin.fields).join(', ')
    return fault(`Không có trường "${name}". Các trường: ${known}`, `There is no field "${name}". Fields: ${known}`)
  }
  const text = normaliseText(typed)
  const value = text === null ? null : parsed(field.kind, text)
  if (value === undefined) {
    return fault(
      `"${typed}" không phải giá trị hợp lệ cho ${labels.vi} (${name})`,
      `"${typed}" is not a valid value of ${labels.en} (${name})`,
    )
  }
  const checked = plugin.schema.safeParse({ ...record, [name]: value })
  const issue = checked.success ? undefined : checked.error.issues.find(({ path }) => path[0] === name)
  if (!issue) return { value }
  return fault(`${labels.vi} (${name}): ${issue.message}`, `${labels.en} (${name}): ${issue.message}`)
}

/** A value as people read it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '∅'
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value.join('; ')
    : JSON.stringify(value)
}
