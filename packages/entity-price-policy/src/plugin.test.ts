import { type Canonical, type Row, decide, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const accountingRow: Row = {
  price_policy_id: 'p1',
  policy_code: 'CSG1',
  policy_name: 'Giá đại lý',
  from_date: '2026-01-01',
  to_date: null,
  description: null,
  inactive: false,
  apply_to: 1,
  account_object_codes: ['KH1', 'KH2'],
  account_object_group_codes: [],
  details: [
    {
      inventory_item_code: 'VT1',
      unit_name: 'Cái',
      from_quantity: 0,
      to_quantity: 10,
      unit_price: 99000.5,
      discount_rate: null,
    },
    {
      inventory_item_code: 'VT1',
      unit_name: 'Cái',
      from_quantity: 10,
      to_quantity: null,
      unit_price: null,
      discount_rate: 12.5,
    },
  ],
}

const crmRow: Row = {
  policy_code: 'CSG1',
  policy_name: 'Giá đại lý',
  from_date: '2026-01-01',
  to_date: null,
  description: null,
  inactive: false,
  apply_to: 'customers',
  account_numbers: ['KH1', 'KH2'],
  group_codes: [],
  items: [
    {
      product_code: 'VT1',
      usage_unit: 'Cái',
      from_quantity: 0,
      to_quantity: 10,
      price: 99000.5,
      discount_percent: null,
    },
    {
      product_code: 'VT1',
      usage_unit: 'Cái',
      from_quantity: 10,
      to_quantity: null,
      price: null,
      discount_percent: 12.5,
    },
  ],
}

const accounting = plugin.wire.accounting!.resources[0]!
const crm = plugin.wire.crm!.resources[0]!
const read = (change: Row = {}): Canonical => decodeColumns(accounting.columns, { ...accountingRow, ...change })

describePlugin(plugin, {
  rows: [
    {
      side: 'accounting',
      resource: 'PricePolicies',
      row: accountingRow,
      record: { code: 'CSG1', applyTo: 'customers', customers: ['KH1', 'KH2'], groups: [], active: true },
    },
    {
      side: 'crm',
      resource: 'PricePolicies',
      row: crmRow,
      record: { code: 'CSG1', applyTo: 'customers', customers: ['KH1', 'KH2'], groups: [], active: true },
    },
  ],
  values: {
    applyTo: ['all', 'customers', 'groups'],
    items: [
      [
        {
          key: 'vt1|cái|0',
          product: 'VT1',
          unit: 'Cái',
          fromQuantity: '0',
          toQuantity: '10',
          price: '5',
          discount: null,
        },
        { key: 'vt1|cái|10', product: 'VT1', unit: 'Cái', fromQuantity: '10', price: null, discount: '2.5' },
      ],
      [],
    ],
  },
})

describe('price-policy', () => {
  const ask = (from: string, link: 'unlinked' | 'candidate' | 'linked', triggers: string[] = []) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set(triggers),
      pulledBy: new Set(),
    }).action

  it('PP1 added or edited in Accounting: goes to CRM; never the other way', () => {
    expect([ask('accounting', 'unlinked'), ask('accounting', 'linked')]).toEqual(['create', 'update'])
    expect([ask('crm', 'unlinked'), ask('crm', 'linked'), ask('crm', 'unlinked', ['manual'])]).toEqual([
      'ignore',
      'ignore',
      'ignore',
    ])
    expect(Object.entries(accounting.columns).filter(([, { encode }]) => encode)).toEqual([])
    expect(plugin.wire.accounting!.write).toBe('none')
  })

  it('PP1 column by column', () => expect(encodeColumns(crm.columns, read())).toEqual(crmRow))

  it.each([
    [0, 'all'],
    [1, 'customers'],
    [2, 'groups'],
  ])('PP1 apply_to %s is %s in CRM', (apply_to, text) =>
    expect(encodeColumns(crm.columns, read({ apply_to })).apply_to).toBe(text),
  )

  it('the first sync brings the policies; twins by code are linked then, and only then (D5)', () => {
    expect(plugin.firstSync).toEqual({ step: 2, directions: [{ from: 'accounting', to: 'crm' }] })
    expect(ask('accounting', 'candidate', ['first-sync'])).toBe('link')
    expect(ask('accounting', 'candidate', ['standardise'])).toBe('link')
    expect(ask('accounting', 'candidate')).toBe('conflict')
  })

  it('customers and products come by their own rule, groups are pulled along', () =>
    expect(plugin.references.map(({ entity, missing }) => [entity, missing])).toEqual([
      ['customer', 'require'],
      ['customer-group', 'pull'],
      ['product', 'require'],
    ]))

  it('an item is named by product, unit and first quantity, spelled alike on both sides', () => {
    const keys = (record: Canonical) => (record.items as readonly Canonical[]).map(({ key }) => key)
    expect(keys(read())).toEqual(['vt1|cái|0', 'vt1|cái|10'])
    expect(keys(decodeColumns(crm.columns, crmRow))).toEqual(keys(read()))
    const [first] = accountingRow.details as readonly Row[]
    expect(keys(read({ details: [first, { ...first, from_quantity: null, inventory_item_code: ' vt1' }] }))).toEqual([
      'vt1|cái|0',
      'vt1|cái|0#2',
    ])
  })

  it('an item with both a price and a discount, or neither, is not sent', () => {
    const [first] = accountingRow.details as readonly Row[]
    const valid = (change: Row) => plugin.schema.safeParse(read({ details: [{ ...first, ...change }] })).success
    expect([valid({}), valid({ discount_rate: 1 }), valid({ unit_price: null })]).toEqual([true, false, false])
  })
})
