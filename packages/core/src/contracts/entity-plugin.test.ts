import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { columns } from './column.ts'
import {
  type EntityPlugin,
  type EntityPluginInput,
  defineEntityPlugin,
  mapValuesAt,
  otherSide,
  pluginFaults,
  valuesAt,
} from './entity-plugin.ts'
import { field, shared } from './field.ts'
import type { FigureRules } from './figure.ts'

const input: EntityPluginInput = {
  id: 'thing',
  version: '1.0.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Vật', en: 'Thing' },
  kind: 'catalogue',
  sides: ['crm', 'accounting'],
  schema: z.object({}),
  fields: {
    code: field.code(shared),
    lines: field.list(shared, 'key', { key: field.text(shared), product: field.code(shared) }),
    active: field.flag(shared),
  },
  wire: {
    crm: { write: 'patch', resources: [{ resource: 'Things', columns: { code: columns.code('code') } }] },
    accounting: { write: 'patch', resources: [{ resource: 'Objects', columns: { code: columns.code('code') } }] },
  },
  policy: {
    directions: [
      { from: 'crm', to: 'accounting', create: 'always', update: 'always', link: 'never', deactivate: 'never' },
    ],
  },
  firstSync: { step: 2, directions: [] },
}
const plugin = defineEntityPlugin(input)
const [direction] = plugin.policy.directions
const figure: FigureRules = {
  from: 'accounting',
  key: ['code'],
  values: ['amount'],
  time: 'code',
  subject: { code: 'code', name: 'code' },
  place: { code: 'code', name: 'code' },
}
const faults = (change: Partial<EntityPlugin>) => pluginFaults({ ...plugin, ...change })

describe('defineEntityPlugin', () => {
  it('fills what may be left out', () => {
    expect(plugin).toMatchObject({ match: [], references: [], dependsOn: [] })
    expect(otherSide(plugin, 'crm')).toBe('accounting')
    expect(otherSide(plugin, 'accounting')).toBe('crm')
  })

  it("throws at import time, with the plugin's name and the fault", () => {
    expect(() => defineEntityPlugin({ ...input, match: ['name'] })).toThrow('entity plugin thing: match names "name"')
  })

  it.each<[string, Partial<EntityPlugin>]>([
    ['id is not kebab-case', { id: 'Thing_1' }],
    ['both sides are the same system', { sides: ['crm', 'crm'] }],
    ['wire.system is missing', { sides: ['crm', 'system'] }],
    [
      'wire.crm.T maps "nope", which is no field',
      {
        wire: {
          ...plugin.wire,
          crm: { write: 'patch', resources: [{ resource: 'T', columns: { nope: columns.text('x') } }] },
        },
      },
    ],
    [
      'derivedIds of crm names "lines[].id", which is no field',
      { wire: { ...plugin.wire, crm: { ...plugin.wire.crm!, derivedIds: ['lines[].id'] } } },
    ],
    ['match names "nope", which is no field', { match: ['nope'] }],
    [
      'reference "lines[].nope" is no field',
      { references: [{ path: 'lines[].nope', entity: 'thing', missing: 'pull' }] },
    ],
    ['reference "nope" is no field', { references: [{ path: 'nope', entity: 'thing', missing: 'pull' }] }],
    ['kind "figure" and the rules in `figure` go together', { kind: 'figure' }],
    ['kind "figure" and the rules in `figure` go together', { figure }],
    ['figure names "amount", which is no field', { kind: 'figure', figure }],
    ['figure value "code" is no decimal', { kind: 'figure', figure: { ...figure, values: ['code'] } }],
    ['figure.from "system" is none of its sides', { kind: 'figure', figure: { ...figure, from: 'system' } }],
    ['figure.key is empty', { kind: 'figure', figure: { ...figure, key: [] } }],
    [
      'reference "active" is not in figure.key',
      { kind: 'figure', figure, references: [{ path: 'active', entity: 'thing', missing: 'require' }] },
    ],
    [
      'reference to "product" wants it in dependsOn',
      { references: [{ path: 'lines[].product', entity: 'product', missing: 'pull' }] },
    ],
    ['policy crm>system is not between its sides', { policy: { directions: [{ ...direction!, to: 'system' }] } }],
    [
      'writeBack "lines[].nope" is no field',
      { policy: { directions: [{ ...direction!, writeBack: ['code', 'lines[].nope'] }] } },
    ],
    ['activeField is no field', { activeField: 'nope' }],
  ])('finds: %s', (fault, change) => expect(faults(change)).toContain(fault))

  it('needs no dependency for what may be left out, nor for itself', () => {
    const references = [
      { path: 'lines[].product', entity: 'product', missing: 'omit' },
      { path: 'code', entity: 'thing', missing: 'pull' },
    ] as const
    expect(faults({ references })).toEqual([])
  })
})

describe('values at a path', () => {
  const record = {
    one: 'A',
    many: ['A', 'B'],
    none: null,
    lines: [
      { key: '1', product: 'P' },
      { key: '2', product: null },
    ],
  }

  it('reads a field, a set and the items of a list; empty ones are left out', () => {
    expect(valuesAt(record, 'one')).toEqual(['A'])
    expect(valuesAt(record, 'many')).toEqual(['A', 'B'])
    expect(valuesAt(record, 'lines[].product')).toEqual(['P'])
    expect(valuesAt(record, 'none')).toEqual([])
    expect(valuesAt(record, 'absent[].x')).toEqual([])
  })

  it('replaces them in a copy; undefined drops one', () => {
    const lower = (value: string) => (value === 'B' ? undefined : value.toLowerCase())
    expect(mapValuesAt(record, 'many', lower).many).toEqual(['a'])
    expect(mapValuesAt(record, 'one', () => undefined)).not.toHaveProperty('one')
    expect(mapValuesAt(record, 'lines[].product', lower).lines).toEqual([
      { key: '1', product: 'p' },
      { key: '2', product: null },
    ])
    expect(mapValuesAt(record, 'none', lower)).toBe(record)
    expect(record.many).toEqual(['A', 'B'])
  })
})
