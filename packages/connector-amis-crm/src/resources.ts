import type { Flag } from './config.ts'

/** One table of the CRM (contract §1.5), as data. */
export interface Resource {
  readonly name: string
  /** Behind `/api/v2`. */
  readonly path: string
  /** `paged`: the order rules of §1.2. `whole`: one answer holds all. `plain`: pages in a fixed order, no ids, no dates. */
  readonly listing: 'paged' | 'whole' | 'plain'
  /** Business code. Absent: the rows have none. */
  readonly keyColumn?: string
  /** Columns that together name a row which has no id of its own. */
  readonly identity?: readonly string[]
  /** Query name and path of the look-up by code; default `code` at `/{Resource}/code`. */
  readonly keyQuery?: string
  /** `rows`: POST, PUT, DELETE (§1.3). `set`: POST sets by identity (§1.5.9, §1.5.10). */
  readonly writing: 'rows' | 'set'
  /** DELETE names rows by this column instead of by `id`. */
  readonly deleteColumn?: string
  /** Where the document lines stand; readers ask `/code` when they are missing. */
  readonly linesColumn?: string
  /** Business dates, written in the connection's `dateFormat`; `list.column` for those inside a list. */
  readonly dateColumns: readonly string[]
  /** The capability without which the table is not offered. */
  readonly flag?: Flag
  /** Not in MISA's public pages: our assumption (marks `X` of the contract). */
  readonly assumed: boolean
}

type Short = Partial<Resource> & { readonly name: string }

function define(short: Short): Resource {
  return { path: `/${short.name}`, listing: 'paged', writing: 'rows', dateColumns: [], assumed: false, ...short }
}

const orderDates = [
  'sale_order_date',
  'deadline_date',
  'delivery_date',
  'due_date',
  'book_date',
  'invoice_date',
  'paid_date',
]

/** Every resource of §1.5. */
export const resources: readonly Resource[] = [
  define({ name: 'Customers', keyColumn: 'account_number' }),
  define({ name: 'Contacts', keyColumn: 'contact_code' }),
  define({ name: 'CustomerGroups', keyColumn: 'group_code', flag: 'customerGroups', assumed: true }),
  define({ name: 'ProductCategories', keyColumn: 'category_code', flag: 'productCategories', assumed: true }),
  define({ name: 'Products', keyColumn: 'product_code' }),
  define({
    name: 'SaleOrders',
    keyColumn: 'sale_order_no',
    linesColumn: 'sale_order_product_mappings',
    dateColumns: [...orderDates, 'receipts.receipt_date'],
  }),
  define({
    name: 'Quotes',
    keyColumn: 'quote_no',
    linesColumn: 'quote_product_mappings',
    dateColumns: ['quote_date', 'valid_until'],
    flag: 'quotes',
    assumed: true,
  }),
  define({
    name: 'InvoiceRequests',
    keyColumn: 'request_no',
    linesColumn: 'invoice_request_product_mappings',
    dateColumns: ['request_date', 'invoices.invoice_date'],
    flag: 'invoiceRequests',
    assumed: true,
  }),
  define({
    name: 'PricePolicies',
    keyColumn: 'policy_code',
    dateColumns: ['from_date', 'to_date'],
    flag: 'pricePolicies',
    assumed: true,
  }),
  define({
    name: 'Stocks',
    keyColumn: 'stock_code',
    listing: 'whole',
    keyQuery: 'stockCode',
    deleteColumn: 'async_id',
  }),
  define({
    name: 'ProductLedger',
    path: '/Stocks/product_ledger',
    listing: 'plain',
    writing: 'set',
    identity: ['product_code', 'stock_code'],
  }),
  define({
    name: 'CustomerDebts',
    listing: 'plain',
    writing: 'set',
    identity: ['account_number', 'contact_code', 'branch_code'],
    flag: 'customerDebts',
    assumed: true,
  }),
]

const byName = new Map(resources.map((resource) => [resource.name, resource]))

export function findResource(name: string): Resource | undefined {
  return byName.get(name)
}
