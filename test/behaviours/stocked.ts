import type { DeskOutput } from '@amis-sync/engine'
import { expect } from 'vitest'
import { type AnyRow, type Company, openCompany } from './company.ts'
import { item } from './trouble.ts'

export const ledger = 'crm POST Stocks/product_ledger'
export const debts = 'crm POST CustomerDebts'
export const readBalances = 'act get_list_inventory_balance'
export const readDebts = 'act get_list_acc_obj_debt'

/** Two branches, two warehouses, products VT1 and VT2, customers KH1 and KH2, and the individual CN9. */
export async function openStocked(options: AnyRow = {}): Promise<Company> {
  const company = await openCompany(options)
  const act = (entity: string, record: AnyRow) => company.create('accounting', entity, record)
  await act('Units', { unit_name: 'Cái' })
  for (const code of ['CN1', 'CN2'])
    await act('OrganizationUnits', {
      organization_unit_code: code,
      organization_unit_name: `Chi nhánh ${code}`,
      organization_unit_type_id: 2,
    })
  for (const code of ['K1', 'K2'])
    await act('Stocks', {
      stock_code: code,
      stock_name: `Kho ${code}`,
      organization_unit_code: code.replace('K', 'CN'),
    })
  for (const code of ['VT1', 'VT2']) await act('InventoryItems', item(code))
  for (const code of ['KH1', 'KH2', 'CN9'])
    await act('AccountObjects', {
      account_object_code: code,
      account_object_name: `Khách ${code}`,
      account_object_type: code === 'CN9' ? 1 : 0,
      is_customer: true,
    })
  return company
}

export const setBalance = (company: Company, inventory_item_code: string, stock_code: string, quantity: number) =>
  company.act('accounting', 'setBalance', { inventory_item_code, stock_code, quantity })

export const setDebt = (
  company: Company,
  account_object_code: string,
  organization_unit_code: string,
  amount: number,
) => company.act('accounting', 'setDebt', { account_object_code, organization_unit_code, amount })

/** Connects, and lets everything come to rest. */
export async function live(company: Company): Promise<Company> {
  expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
  await company.settle()
  return company
}

/** Connected, with four balances and three debts that the CRM has. */
export async function openLive(options: AnyRow = {}): Promise<Company> {
  const company = await openStocked(options)
  for (const [code, stock, quantity] of [
    ['VT1', 'K1', 12.5],
    ['VT1', 'K2', 3],
    ['VT2', 'K1', 0],
    ['VT2', 'K2', 7],
  ] as const)
    await setBalance(company, code, stock, quantity)
  await setDebt(company, 'KH1', 'CN1', 1_000_000)
  await setDebt(company, 'KH1', 'CN2', 250_000.5)
  await setDebt(company, 'CN9', 'CN1', 90_000)
  await live(company)
  return company
}

/** The figures of an entity are read now, as a person asks. */
export const read = (company: Company, entity: string, confirmMissing = false): Promise<DeskOutput<'figures'>> =>
  company.engine.desk('figures', { entity, confirmMissing })

/** Quantities in CRM by product and warehouse. */
export async function quantities(company: Company): Promise<AnyRow> {
  const rows = await company.rows('crm', 'ProductLedger')
  return Object.fromEntries(rows.map((row) => [`${row.product_code} ${row.stock_code}`, row.quantity]))
}

export const known = { 'VT1 K1': 12.5, 'VT1 K2': 3, 'VT2 K1': 0, 'VT2 K2': 7 }

/** Debts in CRM by customer and branch. */
export async function amounts(company: Company): Promise<AnyRow> {
  const rows = await company.rows('crm', 'CustomerDebts')
  return Object.fromEntries(
    rows.map((row) => [`${row.account_number ?? row.contact_code} ${row.branch_code}`, row.debt_amount]),
  )
}
