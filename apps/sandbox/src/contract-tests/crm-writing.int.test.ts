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

describe('§1.3 writing', () => {
  it('§1.3 answers 200 row by row, with index, id and reasons', async () => {
    const answer = await d.crm('POST', 'Customers', [
      { account_number: 'A', account_name: 'Một', tax_code: '0101-234 567' },
      { account_name: 'Không mã' },
      { account_number: ' a ', account_name: 'Trùng' },
      { account_number: 'B', account_name: 'Hai', tax_code: '0101234567' },
      { account_number: 'C', account_name: 3 },
      'no object',
    ])
    expect([answer.success, answer.code]).toEqual([false, 200])
    expect(answer.results[0]).toEqual({ index: 0, success: true, id: 1 })
    expect(codes(answer)).toEqual([
      'ok',
      [['account_number', 'required']],
      [['account_number', 'duplicate']],
      [['tax_code', 'duplicate']],
      [['account_name', 'invalid']],
      [['', 'invalid']],
    ])
  })

  it('§1.3 takes 100 rows and refuses 101; an empty array does nothing', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ account_number: `R${i}`, account_name: 'x' }))
    expect((await d.crmRaw('POST', 'Customers', rows(101))).status).toBe(400)
    expect((await d.crm('GET', 'Customers')).data).toEqual([])
    expect(await d.crm('POST', 'Customers', [])).toEqual({ success: true, code: 200, results: [] })
    expect((await d.crm('POST', 'Customers', rows(100))).success).toBe(true)
  })

  it('§1.3 a PUT that changes no value leaves modified_date', async () => {
    await one('Customers', { account_number: 'A', account_name: 'Một', debt_limit: 5 })
    const [before] = await d.state('crm', 'Customers')
    await new Promise((resolve) => setTimeout(resolve, 5))
    await d.crm('PUT', 'Customers', [{ id: 1, account_name: 'Một', inactive: false, debt_limit: 5, website: null }])
    expect(await d.state('crm', 'Customers')).toEqual([before])
    await d.crm('PUT', 'Customers', [{ id: 1, account_name: 'Hai' }])
    const [after] = await d.state('crm', 'Customers')
    expect(after.modified_date > before.modified_date).toBe(true)
    expect([after.created_date, after.modified_by]).toEqual([before.created_date, 'API'])
  })

  it('§1.3 PUT tells missing, unknown and deleted ids apart', async () => {
    await one('Customers', { account_number: 'A', account_name: 'Một' })
    await one('Customers', { account_number: 'B', account_name: 'Hai' })
    await d.crm('DELETE', 'Customers', [2])
    const answer = await d.crm('PUT', 'Customers', [
      {},
      { id: 9 },
      { id: 2 },
      { id: '1' },
      { id: 1, account_name: null },
    ])
    expect(codes(answer)).toEqual([
      [['id', 'required']],
      [['id', 'not_found']],
      [['id', 'deleted']],
      [['id', 'invalid']],
      [['account_name', 'required']],
    ])
  })

  it('§1.3 a code is free again after deletion, with a new id', async () => {
    await one('Customers', { account_number: 'A', account_name: 'Một' })
    expect(codes(await d.crm('DELETE', 'Customers', [1, 1, 7]))).toEqual([
      'ok',
      [['id', 'deleted']],
      [['id', 'not_found']],
    ])
    expect(await one('Customers', { account_number: 'a', account_name: 'Mới' })).toMatchObject({ success: true, id: 2 })
    expect((await d.state('crm', 'Customers')).map((row) => row.deleted)).toEqual([true, undefined])
  })

  it('§1.3 in_use guards groups, categories and warehouses', async () => {
    await d.crm('POST', 'CustomerGroups', [
      { group_code: 'G', group_name: 'Cha' },
      { group_code: 'G1', group_name: 'Con', parent_code: 'g' },
      { group_code: 'G2', group_name: 'Khác' },
    ])
    await one('Customers', { account_number: 'A', account_name: 'Một', account_group_code_list: ' G1 ;G2;' })
    expect(codes(await d.crm('DELETE', 'CustomerGroups', [1, 2, 3]))).toEqual([
      [['id', 'in_use']],
      [['id', 'in_use']],
      [['id', 'in_use']],
    ])
    await d.crm('DELETE', 'Customers', [1])
    expect(codes(await d.crm('DELETE', 'CustomerGroups', [1, 2, 1]))).toEqual([[['id', 'in_use']], 'ok', 'ok'])
    await one('Stocks', { stock_code: 'K', stock_name: 'Kho', async_id: 'AAAAAAAA-0000-4000-8000-000000000001' })
    await one('Products', { product_code: 'P', product_name: 'Hàng', usage_unit: 'Cái' })
    await d.crm('POST', 'Stocks/product_ledger', [{ product_code: 'p', stock_code: 'k', quantity: 2 }])
    const remove = ['aaaaaaaa-0000-4000-8000-000000000001']
    expect(codes(await d.crm('DELETE', 'Stocks', remove))).toEqual([[['async_id', 'in_use']]])
    await d.crm('POST', 'Stocks/product_ledger', [{ product_code: 'p', stock_code: 'k', quantity: 0 }])
    expect(codes(await d.crm('DELETE', 'Stocks', remove))).toEqual(['ok'])
    expect(codes(await d.crm('DELETE', 'Stocks', remove))).toEqual([[['async_id', 'deleted']]])
  })

  it('§1.5.4 refuses unknown parents and cycles', async () => {
    await d.crm('POST', 'CustomerGroups', [
      { group_code: 'A', group_name: 'a' },
      { group_code: 'B', group_name: 'b', parent_code: 'A' },
    ])
    const answer = await d.crm('PUT', 'CustomerGroups', [
      { id: 1, parent_code: 'B' },
      { id: 1, parent_code: 'A' },
      { id: 2, parent_code: 'Z' },
      { id: 2, parent_code: null },
    ])
    expect(codes(answer)).toEqual([
      [['parent_code', 'invalid']],
      [['parent_code', 'invalid']],
      [['parent_code', 'not_found']],
      'ok',
    ])
  })

  it('§0.2 texts stay as received, empty ones become null, limits hold', async () => {
    const answer = await d.crm('POST', 'Customers', [
      { account_number: ' Kh 1 ', account_name: ' Tên\u0301 ', website: '' },
      { account_number: 'x'.repeat(51), account_name: 'a' },
      { account_number: '   ', account_name: 'a' },
      { account_number: 'Y', account_name: 'n'.repeat(2001) },
      { account_number: 'Z', account_name: 'n', custom_field1: { no: 1 }, number_of_days_owed: -1, debt_limit: '5' },
    ])
    expect(codes(answer).slice(1)).toEqual([
      [['account_number', 'invalid']],
      [['account_number', 'invalid']],
      [['account_name', 'invalid']],
      [
        ['number_of_days_owed', 'invalid'],
        ['debt_limit', 'invalid'],
        ['custom_field1', 'invalid'],
      ],
    ])
    const [row] = await d.state('crm', 'Customers')
    expect([row.account_number, row.account_name, row.website]).toEqual([' Kh 1 ', ' Tên\u0301 ', null])
  })
})
