import { type EntityPlugin, canonical, defineEntityPlugin, definePolicy, field, shared } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { typedValue, valueText } from './value-text.ts'

const side = { write: 'patch', resources: [{ resource: 'Things', columns: {} }] } as const
const fields = {
  name: field.text(shared, { vi: 'Tên', en: 'Name' }),
  code: field.code(shared),
  groups: field.codes(shared),
  phone: field.phone(shared),
  active: field.flag(shared),
  days: field.integer(shared),
  limit: field.decimal(shared),
  date: field.date(shared),
  lines: field.list(shared, 'key', { key: field.text(shared) }),
}
const plugin: EntityPlugin = defineEntityPlugin({
  id: 'thing',
  version: '1.0.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Đồ vật', en: 'Things' },
  kind: 'catalogue',
  sides: ['crm', 'accounting'],
  schema: z.object({ name: canonical.text.nullish(), code: canonical.code, days: canonical.integer.min(0).nullish() }),
  fields,
  wire: { crm: side, accounting: side },
  policy: definePolicy({ directions: [] }),
  firstSync: { step: 2, directions: [] },
})
const typed = (name: string, text: string) => typedValue(plugin, name, text, { name: 'A', code: 'A' })

describe('typedValue', () => {
  it.each<[string, string, unknown]>([
    ['name', '  Công ty   An Phát ', 'Công ty An Phát'],
    ['name', '', null],
    ['groups', 'N-01; N-02;', ['N-01', 'N-02']],
    ['phone', '+84 912 345 678', '+84 912 345 678'],
    ['active', 'có', true],
    ['active', 'no', false],
    ['days', '30', 30],
    ['limit', '1000000.50', '1000000.5'],
    ['date', '24/11/2026', '2026-11-24'],
  ])('%s "%s"', (name, text, value) => expect(typed(name, text)).toEqual({ value }))

  it.each<[string, string, RegExp]>([
    ['fax', '1', /Không có trường "fax"/],
    ['active', 'maybe', /không phải giá trị hợp lệ/],
    ['days', '3.5', /không phải giá trị hợp lệ/],
    ['days', '-1', /days/],
    ['limit', 'nhiều', /không phải giá trị hợp lệ/],
    ['date', '31/02/2026', /không phải giá trị hợp lệ/],
    ['lines', 'x', /không phải giá trị hợp lệ/],
    ['code', '', /code/],
    ['name', 'x'.repeat(2001), /Tên \(name\)/],
  ])('%s "%s" is refused', (name, text, why) => {
    expect(typed(name, text)).toEqual({ fault: { vi: expect.stringMatching(why), en: expect.any(String) } })
  })

  it('another field that is wrong already does not stand in the way', () => {
    expect(typedValue(plugin, 'days', '7', { name: 'A' })).toEqual({ value: 7 })
  })
})

describe('valueText', () => {
  it.each<[unknown, string]>([
    [null, '∅'],
    ['A', 'A'],
    [['N1', 'N2'], 'N1; N2'],
    [true, 'true'],
    [[{ key: 1 }], '[{"key":1}]'],
  ])('%j', (value, text) => expect(valueText(value)).toBe(text))
})
