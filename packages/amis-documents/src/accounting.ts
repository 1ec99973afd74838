import {
  type Canonical,
  type Column,
  ColumnProblem,
  type Columns,
  type Row,
  type Vat,
  columns,
  decodeColumns,
  encodeColumns,
  vatToRates,
} from '@amis-sync/core'
import { currency } from './currencies.ts'

const { writeOnly } = columns

/** A number of Accounting that is only written. */
export const amountWritten = (name: string): Column => writeOnly(columns.decimal(name))

/** A state speaks for the document only when it is there and no save for it waits in the queue (contract §2.4). */
const speaks = (row: Row): boolean => row.exists !== false && row.queued !== true

/** A column of the document's state. */
export function ofState(column: Column): Column {
  const { decode } = column
  return { ...column, ...(decode ? { decode: (row) => (speaks(row) ? decode(row) : undefined) } : {}) }
}

/** A column of the state; its empty value says nothing. */
export function filled(column: Column): Column {
  return ofState({ ...column, decode: (row) => column.decode!(row) ?? undefined })
}

/** Is a state row one of these `voucher_type`s? One that waits in the queue does not say yet (contract §2.4). */
export function isOfType(...types: readonly number[]): (row: Row) => boolean {
  return ({ voucher_type: type }) => type === undefined || type === null || types.includes(Number(type))
}

/** VAT of a line: empty is "not subject" (§4.0); the percent beside the rate only for "other". */
const lineVat = columns.custom(['vat_rate', 'other_vat_rate'], {
  encode(value) {
    const { rate, other } = vatToRates((value ?? 'KCT') as Vat)
    return other === null ? { vat_rate: rate } : { vat_rate: rate, other_vat_rate: other }
  },
})

const lineColumns: Columns = {
  key: columns.guid('ref_detail_id'),
  product: writeOnly(columns.code('inventory_item_code')),
  description: writeOnly(columns.text('description')),
  sortOrder: writeOnly(columns.integer('sort_order')),
  promotion: writeOnly(columns.flag('is_promotion')),
  warehouse: writeOnly(columns.code('stock_code')),
  unit: writeOnly(columns.code('unit_name')),
  quantity: amountWritten('quantity'),
  mainUnit: writeOnly(columns.code('main_unit_name')),
  ratio: amountWritten('main_convert_rate'),
  operator: writeOnly(columns.operator('exchange_rate_operator')),
  mainQuantity: amountWritten('main_quantity'),
  unitPrice: amountWritten('unit_price'),
  goods: amountWritten('amount'),
  goodsOc: amountWritten('amount_oc'),
  discountRate: amountWritten('discount_rate'),
  discount: amountWritten('discount_amount'),
  discountOc: amountWritten('discount_amount_oc'),
  vat: lineVat,
  vatAmount: amountWritten('vat_amount'),
  vatAmountOc: amountWritten('vat_amount_oc'),
}

const isSome = (value: unknown): boolean => value !== undefined && value !== null && value !== '0'

interface AccountingLines {
  /** Written besides the columns of every line. */
  readonly more?: Columns
  /** Read from the lines of the document's state. */
  readonly state?: Columns
}

/** The lines, and beside them whether any has a discount: 1 = per item, 0 = none (§2.3.3). */
function detail({ more = {}, state }: AccountingLines): Column {
  const map = { ...lineColumns, ...more }
  const column: Column = columns.custom(['detail', 'discount_type'], {
    decode(row) {
      if (row.detail === undefined || row.detail === null || !speaks(row)) return undefined
      if (!Array.isArray(row.detail)) throw new ColumnProblem('detail', 'not a list')
      return (row.detail as readonly Row[]).map((line) =>
        decodeColumns({ key: columns.guid('ref_detail_id'), ...state }, line),
      )
    },
    encode(items) {
      const list = (items ?? []) as readonly Canonical[]
      const discounted = list.some(
        (line) => isSome(line.discount) || isSome(line.discountOc) || isSome(line.discountRate),
      )
      return { detail: list.map((line) => encodeColumns(map, line)), discount_type: discounted ? 1 : 0 }
    },
  })
  return state ? column : writeOnly(column)
}

/** Header and lines of an Accounting document, as they are saved (§2.3.3). Documents cannot be read back: a state can (§2.4). */
export function accountingDocument(lines: AccountingLines = {}): Columns {
  return {
    number: writeOnly(columns.code('org_refno')),
    date: writeOnly(columns.date('refdate')),
    customer: writeOnly(columns.code('account_object_code')),
    owner: writeOnly(columns.code('employee_code')),
    currency: writeOnly(currency('currency_id')),
    exchangeRate: amountWritten('exchange_rate'),
    description: writeOnly(columns.text('journal_memo')),
    goods: amountWritten('total_sale_amount'),
    goodsOc: amountWritten('total_sale_amount_oc'),
    discount: amountWritten('total_discount_amount'),
    discountOc: amountWritten('total_discount_amount_oc'),
    vat: amountWritten('total_vat_amount'),
    vatOc: amountWritten('total_vat_amount_oc'),
    total: amountWritten('total_amount'),
    totalOc: amountWritten('total_amount_oc'),
    lines: detail(lines),
  }
}
