import { type Row, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const balance: Row = {
  inventory_item_id: '7F1B3C52-0C1E-4D6A-9B5E-2A4F6C8D0E11',
  inventory_item_code: 'VT000007',
  inventory_item_name: 'Hàng  hóa 7',
  stock_id: 'a1c0e7d2-3b54-4f60-8a11-0b6d2c9e4f41',
  stock_code: 'KHO-HN',
  stock_name: 'Kho Hà Nội',
  organization_unit_code: 'CN1',
  unit_name: 'Cái',
  quantity_balance: 12.5,
  amount_balance: 999999999,
  as_of: '2026-11-24 08:25:01',
}
const product = '7f1b3c52-0c1e-4d6a-9b5e-2a4f6c8d0e11'
const warehouse = 'a1c0e7d2-3b54-4f60-8a11-0b6d2c9e4f41'
const asOf = '2026-11-24T08:25:01.000+07:00'

describePlugin(plugin, {
  rows: [
    {
      side: 'accounting',
      resource: 'InventoryBalances',
      row: balance,
      record: {
        product,
        productCode: 'VT000007',
        productName: 'Hàng hóa 7',
        warehouse,
        warehouseCode: 'KHO-HN',
        warehouseName: 'Kho Hà Nội',
        unit: 'Cái',
        quantity: '12.5',
        asOf,
      },
    },
    {
      side: 'crm',
      resource: 'ProductLedger',
      row: { product_code: 'VT000007', stock_code: 'KHO-HN', quantity: 12.5, as_of: null },
      record: { product: 'VT000007', warehouse: 'KHO-HN', quantity: '12.5', asOf: null },
    },
  ],
  values: { asOf: [asOf], product: [product], warehouse: [warehouse] },
})

describe('inventory', () => {
  const accounting = plugin.wire.accounting!
  const read = (change: Row = {}) => decodeColumns(accounting.resources[0]!.columns, { ...balance, ...change })

  it('ST1 column by column: a quantity in the main unit, never a value of stock', () =>
    expect(encodeColumns(plugin.wire.crm!.resources[0]!.columns, { ...read(), product: 'P', warehouse: 'W' })).toEqual({
      product_code: 'P',
      stock_code: 'W',
      quantity: 12.5,
      as_of: asOf,
    }))

  it.each([null, undefined])('ST3 a quantity that is %s is no figure', (quantity_balance) =>
    expect(plugin.schema.safeParse(read({ quantity_balance })).success).toBe(false),
  )

  it('ST3 a quantity that is no number is never guessed', () =>
    expect(() => read({ quantity_balance: 'mười' })).toThrow('quantity_balance'))

  it('Accounting is never written', () => {
    expect(accounting.write).toBe('none')
    expect(Object.values(accounting.resources[0]!.columns).filter(({ encode }) => encode)).toEqual([])
  })

  it('products and warehouses are named by their ids in Accounting, and must be linked', () =>
    expect(plugin.references.map(({ path, missing, spelled }) => [path, missing, spelled])).toEqual([
      ['product', 'require', { accounting: 'id', crm: 'key' }],
      ['warehouse', 'require', { accounting: 'id', crm: 'key' }],
    ]))
})
