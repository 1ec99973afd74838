import { type Row, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const debt: Row = {
  account_object_id: '7F1B3C52-0C1E-4D6A-9B5E-2A4F6C8D0E11',
  account_object_code: 'KH000017',
  account_object_name: 'Công ty An Phát',
  organization_unit_id: 'a1c0e7d2-3b54-4f60-8a11-0b6d2c9e4f41',
  organization_unit_code: 'CN1',
  organization_unit_name: 'Chi nhánh  Hà Nội',
  debt_amount: 1250000.5,
  invoice_debt_amount: null,
  modified_date: '2026-11-20 10:00:00',
  as_of: '2026-11-24 08:25:01',
}
const customer = '7f1b3c52-0c1e-4d6a-9b5e-2a4f6c8d0e11'
const asOf = '2026-11-24T08:25:01.000+07:00'
const crmRow: Row = {
  account_number: 'KH000017',
  contact_code: null,
  branch_code: 'CN1',
  branch_name: 'Chi nhánh Hà Nội',
  debt_amount: 1250000.5,
  invoice_debt_amount: null,
  as_of: asOf,
}

describePlugin(plugin, {
  rows: [
    {
      side: 'accounting',
      resource: 'Debts',
      row: debt,
      record: {
        customer,
        customerCode: 'KH000017',
        customerName: 'Công ty An Phát',
        branch: 'CN1',
        branchName: 'Chi nhánh Hà Nội',
        amount: '1250000.5',
        invoiceAmount: null,
        asOf,
      },
    },
    {
      side: 'crm',
      resource: 'CustomerDebts',
      row: crmRow,
      record: { customer: 'KH000017', branch: 'CN1', amount: '1250000.5', invoiceAmount: null },
    },
    {
      side: 'crm',
      resource: 'CustomerDebts',
      row: { ...crmRow, account_number: null, contact_code: 'CN-09' },
      record: { customer: 'CN-09', branch: 'CN1', amount: '1250000.5' },
    },
  ],
  values: { asOf: [asOf], customer: [customer] },
})

describe('receivable', () => {
  const accounting = plugin.wire.accounting!
  const read = (change: Row = {}) => decodeColumns(accounting.resources[0]!.columns, { ...debt, ...change })

  it.each([
    ['Customers', 'account_number'],
    ['Contacts', 'contact_code'],
  ])('DE1 column by column: a customer of %s is named by %s', (table, column) => {
    const place = plugin.wire.crm!.resources.find(({ whereAt }) => whereAt?.customer === table)!
    expect(encodeColumns(place.columns, { ...read(), customer: 'KH1' })).toEqual({
      [column]: 'KH1',
      branch_code: 'CN1',
      branch_name: 'Chi nhánh Hà Nội',
      debt_amount: 1250000.5,
      invoice_debt_amount: null,
      as_of: asOf,
    })
  })

  it.each([{ debt_amount: null }, { organization_unit_code: null }, { account_object_id: '' }])(
    '%j is no figure',
    (change) => expect(plugin.schema.safeParse(read(change)).success).toBe(false),
  )

  it('Accounting is never written', () => {
    expect(accounting.write).toBe('none')
    expect(Object.values(accounting.resources[0]!.columns).filter(({ encode }) => encode)).toEqual([])
  })
})
