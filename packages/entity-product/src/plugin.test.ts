import { type Canonical, type Row, decide, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const crmRow: Row = {
  id: 7,
  product_code: 'VT000007',
  product_name: 'Giấy A4',
  product_properties: 'Hàng hóa'.normalize('NFD'),
  product_category: 'Văn phòng phẩm',
  product_category_code: 'NHH0001',
  usage_unit: 'Ram',
  conversion_units: [{ usage_unit: 'Thùng', ratio: 5, operator: 'Nhân' }],
  unit_price: 65000.5,
  unit_price1: null,
  unit_cost: 50000,
  purchased_price: 48000,
  tax: '8 %',
  is_follow_serial_number: false,
  inactive: false,
}
const accountingRow: Row = {
  inventory_item_code: 'VT000007',
  inventory_item_name: 'Giấy A4',
  inventory_item_type: 0,
  inventory_item_category_code_list: 'NHH0001; NHH0009',
  unit_name: 'Ram',
  unit_list: [{ unit_name: 'Thùng', convert_rate: '5', operator: '*' }],
  sale_price1: 65000.5,
  unit_price: 50000,
  tax_rate: 8,
  other_tax_rate: null,
  inactive: false,
}
const same = {
  code: 'VT000007',
  kind: 'goods',
  unit: 'Ram',
  units: [{ unit: 'Thùng', ratio: '5', operator: '*' }],
  price: '65000.5',
  cost: '50000',
  vat: '8',
  active: true,
}

describePlugin(plugin, {
  rows: [
    { side: 'crm', resource: 'Products', row: crmRow, record: { ...same, price1: null, group: ['NHH0001'] } },
    {
      side: 'accounting',
      resource: 'InventoryItems',
      row: accountingRow,
      record: { ...same, group: ['NHH0001', 'NHH0009'] },
    },
  ],
  values: {
    kind: ['goods', 'finished', 'service', 'material'],
    vat: ['0', '5', '8', '10', '5.263', 'KCT', 'KKKNT'],
    group: [['NHH0001'], []],
    'units[].operator': ['*', '/'],
  },
})

describe('product', () => {
  const [crm] = plugin.wire.crm!.resources
  const [accounting] = plugin.wire.accounting!.resources
  const toAccounting = (record: Canonical) => encodeColumns(accounting!.columns, record)
  const toCrm = (record: Canonical) => encodeColumns(crm!.columns, record)

  it.each(['crm', 'accounting'])('PR2 PR5 added or edited in %s: sent at once', (from) => {
    const to = from === 'crm' ? 'accounting' : 'crm'
    const ask = { from, to, event: 'seen', triggers: new Set<string>(), pulledBy: new Set<string>() } as const
    expect(decide(plugin.policy, { ...ask, link: 'unlinked' }).action).toBe('create')
    expect(decide(plugin.policy, { ...ask, link: 'linked' }).action).toBe('update')
    expect(decide(plugin.policy, { ...ask, link: 'candidate' }).action).toBe('conflict')
    expect(decide(plugin.policy, { ...ask, link: 'candidate', triggers: new Set(['first-sync']) }).action).toBe('link')
  })

  it('PR6 cost and selling prices never change places: unit_price is cost in Accounting, a selling price in CRM', () => {
    const fromCrm = toAccounting(decodeColumns(crm!.columns, crmRow))
    expect(fromCrm).toMatchObject({ unit_price: 50000, sale_price1: 65000.5, sale_price2: null })
    const fromAccounting = toCrm(decodeColumns(accounting!.columns, accountingRow))
    expect(fromAccounting).toMatchObject({ unit_cost: 50000, unit_price: 65000.5 })
    expect(fromAccounting).not.toHaveProperty('purchased_price')
  })

  it('PR6 units of measure travel in front of the item: the main one and each conversion unit, once', () => {
    const record = { ...decodeColumns(crm!.columns, crmRow), units: [{ unit: 'Thùng' }, { unit: 'Ram' }] }
    expect(accounting!.companions!(record)).toEqual([
      { resource: 'Units', row: { unit_name: 'Ram' } },
      { resource: 'Units', row: { unit_name: 'Thùng' } },
    ])
    expect(accounting!.companions!({ code: 'VT1' })).toEqual([])
  })

  it('a list of Accounting gives its first group to the CRM; a list of the CRM side is written whole', () => {
    const { group } = decodeColumns(accounting!.columns, accountingRow)
    expect(toCrm({ group: group! })).toEqual({ product_category_code: 'NHH0001', product_category: 'NHH0001' })
    expect(toAccounting({ group: ['NHH0002', 'NHH0009'] })).toEqual({
      inventory_item_category_code_list: 'NHH0002;NHH0009',
    })
    const derived = plugin.handler!.derive!('crm', { group: ['NHH0002'] }, { settings: {}, base: { group: group! } })
    expect(derived.group).toEqual(['NHH0002', 'NHH0009'])
  })

  it.each([
    ['8%', { tax_rate: 8, other_tax_rate: null }],
    ['KCT', { tax_rate: -1, other_tax_rate: null }],
    ['Không kê khai', { tax_rate: -2, other_tax_rate: null }],
    ['5.263%', { tax_rate: -3, other_tax_rate: 5.263 }],
    [null, { tax_rate: null, other_tax_rate: null }],
  ])('VAT %s', (tax, rates) => {
    expect(toAccounting({ vat: decodeColumns(crm!.columns, { tax }).vat! })).toEqual(rates)
  })

  it('holds an unknown VAT text or kind instead of guessing', () => {
    expect(() => decodeColumns(crm!.columns, { tax: 'mười phần trăm' })).toThrow('tax: unknown VAT')
    expect(() => decodeColumns(crm!.columns, { product_properties: 'Combo' })).toThrow(
      'product_properties: unknown value',
    )
  })

  it('decimals are never floats', () => {
    const price = (unit_price: number | string) => decodeColumns(crm!.columns, { unit_price }).price
    expect(price(0.1 + 0.2)).toBe('0.3')
    expect(price('1.5E+3')).toBe('1500')
    expect(price(999999999999.99)).toBe('999999999999.99')
    expect(toAccounting({ price: '999999999999.99' })).toEqual({ sale_price1: 999999999999.99 })
  })
})
