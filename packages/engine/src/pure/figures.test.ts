import {
  type EntityPlugin,
  type EntityPluginInput,
  columns,
  defineEntityPlugin,
  field,
  onlyFrom,
} from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type KeptFigure,
  type Missing,
  type Snapshot,
  changesOf,
  figureId,
  fuse,
  judgeMissing,
  missingFrom,
  totalsOf,
  zeroed,
} from './figures.ts'

const flow = onlyFrom('accounting')
const input: EntityPluginInput = {
  id: 'level',
  version: '1.0.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Mức', en: 'Level' },
  kind: 'figure',
  sides: ['accounting', 'crm'],
  schema: z.object({}),
  fields: {
    product: field.text(flow),
    place: field.code(flow),
    name: field.text(flow),
    amount: field.decimal(flow),
    extra: field.decimal(flow),
    asOf: field.text(flow),
  },
  wire: {
    accounting: { write: 'none', resources: [{ resource: 'L', columns: { amount: columns.decimal('a') } }] },
    crm: { write: 'patch', resources: [{ resource: 'L', columns: { amount: columns.decimal('a') } }] },
  },
  policy: { directions: [] },
  firstSync: { step: 3, directions: [] },
  figure: {
    from: 'accounting',
    key: ['product', 'place'],
    values: ['amount', 'extra'],
    time: 'asOf',
    subject: { code: 'product', name: 'name' },
    place: { code: 'place', name: 'name' },
  },
}
const plugin: EntityPlugin = defineEntityPlugin(input)
const row = (product: string, amount: string, more = {}) => ({
  product,
  place: 'K1',
  name: 'Một',
  amount,
  extra: null,
  asOf: 't2',
  ...more,
})
const keep = (product: string, amount: string, more = {}): [string, KeptFigure] => [
  `${product}|k1`,
  { record: row(product, amount, { asOf: 't1' }), ...more },
]
const shows = (...rows: ReturnType<typeof row>[]): Snapshot => ({
  figures: new Map(rows.map((one) => [figureId(plugin, one)!, one])),
  asOf: 't2',
  unread: 0,
})
const failure = { code: 'X', kind: 'retriable', vi: '', en: '' } as const

describe('figureId', () => {
  it('compares codes as codes, keeps ids as they are, and lets no part run into the next', () => {
    expect(figureId(plugin, row('a', '1', { place: ' KHO  1' }))).toBe('a|kho 1')
    expect(figureId(plugin, row('a|b%', '1'))).toBe('a%7Cb%25|k1')
  })
  it.each([null, '', undefined, 5])('a part of the key that is %s names nothing', (place) =>
    expect(figureId(plugin, row('a', '1', { place }))).toBeUndefined(),
  )
})

describe('changesOf', () => {
  it('nothing changed: nothing', () =>
    expect(changesOf(plugin, new Map([keep('a', '1')]), shows(row('a', '1')))).toEqual(new Map()))

  it('new and changed figures have the time of the snapshot, what was sent is remembered', () => {
    const sent = { to: 'x', row: { amount: 1 }, at: 5 }
    const changes = changesOf(plugin, new Map([keep('a', '1', { sent })]), shows(row('a', '2'), row('b', '3')))
    expect(changes).toEqual(
      new Map([
        ['a|k1', { record: row('a', '2'), sent }],
        ['b|k1', { record: row('b', '3') }],
      ]),
    )
  })

  it('another name alone leaves the time, and does not ask again what was refused; another value does', () => {
    const refused = { to: 'x', failure, attempts: 3, retryAt: 9 }
    const kept = new Map([keep('a', '1', { refused })])
    expect(changesOf(plugin, kept, shows(row('a', '1', { name: 'Hai' }))).get('a|k1')).toEqual({
      record: row('a', '1', { name: 'Hai', asOf: 't1' }),
      refused,
    })
    expect(changesOf(plugin, kept, shows(row('a', '2'))).get('a|k1')).toEqual({ record: row('a', '2') })
  })

  it('what the source does not carry is no news; empty is', () => {
    const { extra: _extra, ...without } = row('a', '1')
    const kept = new Map([['a|k1', { record: row('a', '1', { extra: '4' }) }]])
    expect(changesOf(plugin, kept, shows(without as never))).toEqual(new Map())
    expect(changesOf(plugin, kept, shows(row('a', '1'))).get('a|k1')?.record.extra).toBeNull()
  })

  it('what came back is news, even with 0', () => {
    const [id, gone] = keep('a', '0', { absent: true })
    expect(changesOf(plugin, new Map([[id, gone]]), shows(row('a', '0'))).get(id)).toEqual({ record: row('a', '0') })
  })
})

describe('the fuse (ST3)', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `p${index}|k1`)
  const judge = (known: number, missing: number, more: Partial<Missing> = {}) =>
    judgeMissing({
      known,
      missing: ids(missing),
      before: new Set(ids(missing)),
      snapshot: shows(row('z', '1')),
      ...more,
    })

  it.each([
    [19, 1, true],
    [20, 1, false],
    [39, 2, true],
    [40, 2, false],
    [2_000, 100, false],
    [10_000, 101, true],
  ])('of %i known ones %i missing: held %s', (known, missing, held) =>
    expect(judge(known, missing)).toMatchObject({ held, zero: held ? [] : ids(missing) }),
  )

  it('the first time they are only doubted', () =>
    expect(judge(40, 2, { before: new Set(['p1|k1']) })).toEqual({ zero: ['p1|k1'], doubted: ['p0|k1'], held: false }))

  it('an empty snapshot is never believed, not even if a person says so', () => {
    expect(judge(40, 40, { snapshot: shows(), confirmed: true })).toEqual({ zero: [], doubted: [], held: true })
    expect(judge(40, 1, { snapshot: shows() })).toEqual({ zero: [], doubted: [], held: true })
  })

  it('a person may say that much is gone; it must still be missing twice', () => {
    expect(judge(10, 9, { confirmed: true }).zero).toEqual(ids(9))
    expect(judge(10, 9, { confirmed: true, before: new Set() })).toEqual({ zero: [], doubted: ids(9), held: false })
  })

  it('rows that were not understood may be the missing ones', () =>
    expect(judge(40, 2, { snapshot: { ...shows(row('z', '1')), unread: 1 } })).toEqual({
      zero: [],
      doubted: [],
      held: false,
    }))

  it('nothing missing, nothing known', () => {
    expect(judge(0, 0, { snapshot: shows() })).toEqual({ zero: [], doubted: [], held: false })
    expect(fuse).toEqual({ most: 100, percent: 5 })
  })

  it('what became 0 by absence is not missing again', () => {
    const kept = new Map([keep('a', '1'), keep('b', '0', { absent: true }), keep('c', '2')])
    expect(missingFrom(kept, shows(row('c', '2')))).toEqual(['a|k1'])
  })
})

it('zeroed sets the values that there were, and asks again', () => {
  const [, figure] = keep('a', '5', {
    sent: { to: 'x', row: {}, at: 1 },
    refused: { to: 'x', failure, attempts: 1, retryAt: 2 },
  })
  expect(zeroed(plugin.figure!, figure, 't3')).toEqual({
    record: row('a', '0', { asOf: 't3' }),
    absent: true,
    sent: { to: 'x', row: {}, at: 1 },
  })
  expect(zeroed(plugin.figure!, { record: row('a', '5', { extra: '7' }) }, undefined).record).toMatchObject({
    extra: '0',
    asOf: null,
  })
})

it('totals are decimals; empty counts as nothing, and all empty is no sum', () => {
  const total = (...records: ReturnType<typeof row>[]) => totalsOf(plugin.figure!, records)
  expect(total(row('a', '0.1'), row('b', '0.2', { extra: '-3' }))).toEqual({ amount: '0.3', extra: '-3' })
  expect(total(row('a', '0.1'))).toEqual({ amount: '0.1', extra: null })
  expect(total()).toEqual({ amount: '0', extra: '0' })
})
