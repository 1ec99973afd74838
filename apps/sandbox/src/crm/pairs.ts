import { asText } from '../model/json.ts'
import { code, num, text, ts, type Column } from '../model/column.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey } from '../model/text.ts'
import { byCode } from './columns.ts'
import { compareOptional, PRODUCT_LEDGER_COLUMNS } from './goods.ts'

/** Finds a row of another table by id. */
export type Lookup = (table: string, id: number) => Row | undefined

/** §1.5.9 `product_ledger`, ordered by (product_code, stock_code). */
export function productLedger(lookup: Lookup): Resource {
  const product = codeOf(lookup, 'Products', 'product_code')
  const stock = codeOf(lookup, 'Stocks', 'stock_code')
  return {
    name: 'ProductLedger',
    ids: 'integer',
    orders: ['natural'],
    natural: (a, b) => compareOptional(product(a), product(b)) || compareOptional(stock(a), stock(b)) || a.seq - b.seq,
    uniques: [
      { field: 'product_code', key: (row) => `${asText(row['product_code_ref'])} ${asText(row['stock_code_ref'])}` },
    ],
    group: (row) => `s${asText(row['stock_code_ref'])}`,
    columns: PRODUCT_LEDGER_COLUMNS,
  }
}

const DEBT_COLUMNS: readonly Column[] = [
  byCode('account_number', 'Customers', 'account_number'),
  byCode('contact_code', 'Contacts', 'contact_code'),
  ...code('branch_code', { required: true }),
  ...text('branch_name'),
  ...num('debt_amount', { required: true }),
  ...num('invoice_debt_amount'),
  ...ts('as_of'),
]

/** The party of a debt row: `a` + customer id, or `c` + contact id. */
function partyOf(row: { readonly [column: string]: unknown }): string {
  const account = row['account_number_ref']
  return account === undefined ? `c${String(row['contact_code_ref'])}` : `a${asText(account)}`
}

/** §1.5.10, ordered by (account_number, contact_code, branch_code), null last. */
export function customerDebts(lookup: Lookup): Resource {
  const account = codeOf(lookup, 'Customers', 'account_number')
  const contact = codeOf(lookup, 'Contacts', 'contact_code')
  return {
    name: 'CustomerDebts',
    ids: 'integer',
    orders: ['natural'],
    natural: (a, b) =>
      compareOptional(account(a), account(b)) ||
      compareOptional(contact(a), contact(b)) ||
      compareOptional(asText(a['branch_code']), asText(b['branch_code'])) ||
      a.seq - b.seq,
    uniques: [{ field: 'branch_code', key: (row) => `${partyOf(row)} ${codeKey(asText(row['branch_code']))}` }],
    group: partyOf,
    columns: DEBT_COLUMNS,
  }
}

function codeOf(lookup: Lookup, table: string, column: string): (row: Row) => string | undefined {
  const key = `${column}_ref`
  return (row) => {
    const id = row[key]
    return id === undefined ? undefined : (lookup(table, id as number)?.[column] as string | undefined)
  }
}
