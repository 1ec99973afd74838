import {
  byName,
  type Canonical,
  type Column,
  ColumnProblem,
  type Columns,
  type Row,
  columns,
  decodeColumns,
  encodeColumns,
} from '@amis-sync/core'
import { beyondContract } from './beyond.ts'
import { currency } from './currencies.ts'

const { readOnly } = columns

/** A number of the CRM that is only read. */
export const amountRead = (name: string): Column => readOnly(columns.decimal(name))

const isNumeric = (value: unknown): value is number | string => typeof value === 'number' || typeof value === 'string'

/** A line's id; without the flag `lineIds` the triple that the CRM matches lines by (contract §6.1), as a JSON text. */
const key = columns.custom(['line_id'], {
  decode({ line_id: id, product_code: product, unit, sort_order: order }) {
    if (isNumeric(id)) return String(id)
    return product === undefined ? undefined : JSON.stringify([product, unit ?? null, order ?? null])
  },
  encode(value) {
    const text = (value ?? '') as string
    if (!text.startsWith('[')) return { line_id: Number(text) }
    const [product, unit, order] = JSON.parse(text) as unknown[]
    return { product_code: product, unit, sort_order: order }
  },
})

const lineColumns: Columns = {
  key,
  product: readOnly(columns.code('product_code')),
  description: readOnly(columns.text('description')),
  sortOrder: readOnly(columns.integer('sort_order')),
  promotion: readOnly(columns.flag('is_promotion')),
  warehouse: readOnly(columns.code('stock_code')),
  unit: readOnly(columns.code('unit')),
  quantity: amountRead('amount'),
  mainUnit: readOnly(columns.code('usage_unit')),
  ratio: amountRead('ratio'),
  operator: readOnly(columns.operator('operator')),
  mainQuantity: amountRead('usage_unit_amount'),
  unitPrice: amountRead('price_oc'),
  goods: amountRead('to_currency'),
  goodsOc: amountRead('to_currency_oc'),
  discountRate: amountRead('discount_percent'),
  discount: amountRead('discount'),
  discountOc: amountRead('discount_oc'),
  vat: readOnly(columns.vatText('tax_percent')),
  vatAmount: amountRead('tax'),
  vatAmountOc: amountRead('tax_oc'),
  total: amountRead('total'),
  totalOc: amountRead('total_oc'),
}

const isVnd = (row: Row): boolean => (row.currency_type ?? 'VND') === 'VND'

/** One line. `price` is in VND: without `price_oc` it serves for VND documents only. A missing position is the place in the list. */
function decodeLine(map: Columns, row: Row, line: Row, index: number): Canonical {
  const priced = isVnd(row) ? { ...line, price_oc: line.price_oc ?? line.price } : line
  const decoded = decodeColumns(map, priced)
  return { ...decoded, sortOrder: decoded.sortOrder ?? index + 1 }
}

interface CrmLines {
  /** Columns that only this kind of document has. */
  readonly more?: Columns
  /** Among them are some that Accounting fills: single items are written, and of them only those columns. */
  readonly writable?: boolean
}

function linesColumn(linesName: string, { more = {}, writable = false }: CrmLines): Column {
  const map = { ...lineColumns, ...more }
  const column: Column = columns.custom([linesName], {
    decode(row) {
      const list = row[linesName]
      if (list === undefined) return undefined
      if (!Array.isArray(list)) throw new ColumnProblem(linesName, 'not a list')
      return (list as readonly Row[]).map((line, index) => decodeLine(map, row, line, index))
    },
    encode: (items) => ({
      [linesName]: ((items ?? []) as readonly Canonical[]).map((item) => encodeColumns(map, item)),
    }),
    patch: true,
  })
  return writable ? column : readOnly(column)
}

const account = columns.code('account_number')
const contact = columns.code('contact_code')
const accountName = columns.text('account_name')
const contactName = columns.text('contact_name')

/** The buyer is the account, else the contact (§1.5.6); where the CRM tells no codes, by its name (§1.4 rule 3). */
const customer = columns.custom([...account.names, ...contact.names, ...accountName.names, ...contactName.names], {
  decode(row) {
    const [company, person] = [account.decode!(row), contact.decode!(row)]
    if (company === undefined && person === undefined) {
      const name = accountName.decode!(row) ?? contactName.decode!(row)
      return typeof name === 'string' ? byName(name) : name
    }
    return company === null && person === undefined ? undefined : (company ?? person)
  },
})

/** Header and lines of a CRM document, all read only (D3) but for `writable` line columns. `linesName`: where its lines stand. */
export function crmDocument(linesName: string, lines: CrmLines = {}): Columns {
  return {
    customer,
    owner: readOnly(columns.code('owner_code')),
    currency: readOnly(currency('currency_type')),
    exchangeRate: amountRead('exchange_rate'),
    description: readOnly(columns.text('description')),
    goods: amountRead('to_currency_summary'),
    goodsOc: amountRead('to_currency_summary_oc'),
    discount: amountRead('discount_summary'),
    discountOc: amountRead('discount_summary_oc'),
    vat: amountRead('tax_summary'),
    vatOc: amountRead('tax_summary_oc'),
    total: amountRead('total_summary'),
    totalOc: amountRead('total_summary_oc'),
    beyond: beyondContract(linesName),
    lines: linesColumn(linesName, lines),
  }
}
