import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDriver, type Driver, type Loose } from './driver.ts'

let d: Driver
beforeAll(async () => {
  d = await openDriver()
})
afterAll(() => d.close())
beforeEach(() => d.reset())

const codes = (answer: Loose): Loose[] =>
  answer.results.map((result: Loose) =>
    result.success ? 'ok' : result.validate_infos.map((info: Loose) => [info.field_name, info.error_code]),
  )

const one = async (resource: string, row: object): Promise<Loose> => (await d.crm('POST', resource, [row])).results[0]

describe('§1.4 references', () => {
  beforeEach(async () => {
    await one('Customers', { account_number: 'K1', account_name: 'Một' })
    await one('Customers', { account_number: 'K2', account_name: 'Hai' })
    await one('Products', { product_code: 'P', product_name: 'Hàng', usage_unit: 'Cái', unit_price: 10 })
  })
  const order = (row: object) =>
    one('SaleOrders', {
      sale_order_no: 'D1',
      sale_order_date: '24/11/2026',
      sale_order_product_mappings: [{ product_code: 'P', amount: 1 }],
      ...row,
    })

  it('§1.4 documented columns take codes and give names; the companion decides', async () => {
    expect((await order({ account_name: 'Một' })).validate_infos[0]).toMatchObject({
      field_name: 'account_name',
      error_code: 'not_found',
    })
    expect((await order({ account_name: 'k2', account_number: 'K1' })).success).toBe(true)
    const [row] = await d.state('crm', 'SaleOrders')
    expect([row.account_name, row.account_number, row.sale_order_date]).toEqual(['Một', 'K1', '2026-11-24'])
    expect(codes(await d.crm('PUT', 'SaleOrders', [{ id: 1, account_name: 'K2', account_number: null }]))).toEqual([
      [['account_name', 'required']],
    ])
  })

  it('§0.2 a rename shows in rows that point to it and does not move their modified_date', async () => {
    await d.crm('POST', 'CustomerGroups', [{ group_code: 'G', group_name: 'Nhóm' }])
    await d.crm('PUT', 'Customers', [
      { id: 1, account_group_code_list: 'X' },
      { id: 1, account_group_code_list: 'G' },
    ])
    await order({ account_number: 'K1' })
    const before = [...(await d.state('crm', 'SaleOrders')), ...(await d.state('crm', 'Customers', 'K1'))]
    await d.crm('PUT', 'CustomerGroups', [{ id: 1, group_code: 'G9', group_name: 'Nhóm mới' }])
    await d.crm('PUT', 'Customers', [{ id: 1, account_number: 'K9', account_name: 'Chín' }])
    const [after] = await d.state('crm', 'SaleOrders')
    expect([after.account_name, after.account_number, after.modified_date]).toEqual([
      'Chín',
      'K9',
      before[0].modified_date,
    ])
    const [customer] = await d.state('crm', 'Customers', 'K9')
    expect([customer.account_group_code_list, customer.account_type]).toEqual(['G9', 'Nhóm mới'])
  })

  it('§1.4 deleted targets still answer, but cannot be referred to anew', async () => {
    await order({ account_number: 'K1' })
    await d.crm('DELETE', 'Customers', [1])
    const [row] = await d.state('crm', 'SaleOrders')
    expect([row.account_name, row.account_number]).toEqual(['Một', 'K1'])
    expect((await order({ sale_order_no: 'D2', account_number: 'K1' })).validate_infos[0]).toMatchObject({
      field_name: 'account_number',
      error_code: 'deleted',
    })
  })
})

describe('§1.5.9 and §1.5.10 figures', () => {
  it('§1.5.9 sets quantities by pair, ordered by codes', async () => {
    for (const code of ['P2', 'P1'])
      await one('Products', { product_code: code, product_name: code, usage_unit: 'Cái' })
    for (const code of ['S2', 'S1']) await one('Stocks', { stock_code: code, stock_name: code })
    const set = await d.crm('POST', 'Stocks/product_ledger', [
      { product_code: 'P2', stock_code: 'S1', quantity: 1.5, as_of: '2026-11-24T08:00:00+07:00' },
      { product_code: 'P1', stock_code: 'S2', quantity: 7 },
      { product_code: 'P2', stock_code: 'S1', quantity: 2 },
      { product_code: 'P9', stock_code: 'S1', quantity: 2 },
      { product_code: 'P1', stock_code: 'S1' },
    ])
    expect(codes(set)).toEqual(['ok', 'ok', 'ok', [['product_code', 'not_found']], [['quantity', 'required']]])
    expect(set.results[0]).toEqual({ index: 0, success: true })
    const ledger = async (query = '') => (await d.crm('GET', `Stocks/product_ledger${query}`)).data
    expect(await ledger()).toEqual([
      { product_code: 'P1', stock_code: 'S2', quantity: 7, as_of: null },
      { product_code: 'P2', stock_code: 'S1', quantity: 2, as_of: null },
    ])
    expect(await ledger('?stockID=1')).toHaveLength(1)
    expect((await ledger('?productCode=p2&stockCode=s1'))[0].quantity).toBe(2)
    expect((await d.crm('GET', 'Stocks?pageSize=1')).data).toHaveLength(2)
  })

  it('§1.5.10 debts follow at once and leave modified_date alone', async () => {
    await one('Customers', { account_number: 'K1', account_name: 'Một' })
    const [before] = await d.state('crm', 'Customers')
    const set = await d.crm('POST', 'CustomerDebts', [
      { account_number: 'K1', branch_code: 'HN', debt_amount: 0.1 },
      { account_number: 'K1', branch_code: 'HCM', branch_name: 'Sài Gòn', debt_amount: 0.2 },
      { branch_code: 'HN', debt_amount: 1 },
      { account_number: 'K9', branch_code: 'HN', debt_amount: 1 },
      { account_number: 'K1', debt_amount: 1 },
    ])
    expect(codes(set)).toEqual([
      'ok',
      'ok',
      [['account_number', 'invalid']],
      [['account_number', 'not_found']],
      [['branch_code', 'required']],
    ])
    const [after] = await d.state('crm', 'Customers')
    expect([after.debt, after.modified_date]).toEqual([0.3, before.modified_date])
    const { data } = await d.crm('GET', 'CustomerDebts?account_number=k1')
    expect(data.map((row: Loose) => row.branch_code)).toEqual(['HCM', 'HN'])
    expect(data[0]).toEqual({
      account_number: 'K1',
      contact_code: null,
      branch_code: 'HCM',
      branch_name: 'Sài Gòn',
      debt_amount: 0.2,
      invoice_debt_amount: null,
      as_of: null,
    })
  })

  it('§1.5.8 price policies take exactly one of price and percentage', async () => {
    await one('Products', { product_code: 'P', product_name: 'Hàng', usage_unit: 'Cái' })
    const item = { product_code: 'P', usage_unit: 'Cái', from_quantity: 1, to_quantity: null }
    const base = { policy_name: 'Giá', apply_to: 'all' }
    const answer = await d.crm('POST', 'PricePolicies', [
      { policy_code: 'A', ...base, items: [{ ...item, price: 5, discount_percent: null }] },
      { policy_code: 'B', ...base, items: [{ ...item, price: 5, discount_percent: 1 }] },
      { policy_code: 'C', ...base, items: [item] },
      { policy_code: 'D', ...base },
      {
        policy_code: 'E',
        ...base,
        apply_to: 'some',
        account_numbers: ['K9'],
        items: [{ ...item, product_code: 'Z', price: 1 }],
      },
    ])
    expect(codes(answer)).toEqual([
      'ok',
      [['items[0].price', 'invalid']],
      [['items[0].price', 'invalid']],
      [['items', 'required']],
      [
        ['apply_to', 'invalid'],
        ['account_numbers', 'not_found'],
        ['items[0].product_code', 'not_found'],
      ],
    ])
  })
})
