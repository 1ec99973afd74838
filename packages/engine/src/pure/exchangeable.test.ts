import { type EntityPlugin, defineEntityPlugin, definePolicy, field, shared } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { isExchangeable } from './exchangeable.ts'

const side = { write: 'patch', resources: [{ resource: 'Things', columns: {} }] } as const
const plugin: EntityPlugin = defineEntityPlugin({
  id: 'thing',
  version: '1.0.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Đồ vật', en: 'Things' },
  kind: 'document',
  sides: ['crm', 'accounting'],
  schema: z.object({}),
  fields: {
    code: field.code(shared),
    number: field.code(shared),
    unit: field.code(shared),
    phone: field.phone(shared),
    price: field.decimal(shared),
    days: field.integer(shared),
    date: field.date(shared),
    active: field.flag(shared),
  },
  wire: { crm: side, accounting: side },
  match: ['code'],
  policy: definePolicy({ directions: [] }),
  firstSync: { step: 3, directions: [] },
})

it.each([
  ['phone', '0912', true],
  ['unit', 'Thùng', true],
  ['unit', null, true],
  ['code', 'A', false],
  ['number', 'dh1', false],
  ['price', '5', false],
  ['days', 5, false],
  ['date', '2026-01-01', false],
  ['active', true, false],
  ['fax', '1', false],
])('%s (%j) may be exchanged: %s', (name, value, expected) => {
  expect(isExchangeable(plugin, name, value, 'DH1')).toBe(expected)
})
