import { type Field, type Fields, type Message, canonical, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'
import { currencies } from './currencies.ts'

/** CRM owns documents (D3). */
export const sent = onlyFrom('crm')
/** What Accounting makes of them comes back. */
export const back = onlyFrom('accounting')

const label = (vi: string, en: string): Message => ({ vi, en })
const money = (vi: string, en: string): Field => field.decimal(sent, { vi, en })

/** Buyer, salesperson, currency and sums of a document (contract §4.8). `Oc` = in the document's currency; without it in VND. */
export const headerFields = {
  customer: field.code(sent, label('Khách hàng', 'Customer')),
  owner: field.code(sent, label('Nhân viên kinh doanh', 'Salesperson')),
  currency: field.text(sent, label('Loại tiền', 'Currency')),
  exchangeRate: field.decimal(sent, label('Tỷ giá', 'Exchange rate')),
  description: field.text(sent, label('Diễn giải', 'Description')),
  goods: money('Tổng tiền hàng', 'Goods'),
  goodsOc: money('Tổng tiền hàng (nguyên tệ)', 'Goods, document currency'),
  discount: money('Tổng chiết khấu', 'Discount'),
  discountOc: money('Tổng chiết khấu (nguyên tệ)', 'Discount, document currency'),
  vat: money('Tổng tiền thuế', 'VAT'),
  vatOc: money('Tổng tiền thuế (nguyên tệ)', 'VAT, document currency'),
  total: money('Tổng tiền thanh toán', 'Total'),
  totalOc: money('Tổng tiền thanh toán (nguyên tệ)', 'Total, document currency'),
  /** What the row uses that the contract does not cover (§6.3). */
  beyond: field.codes(sent, label('Nội dung chưa hỗ trợ', 'Not supported')),
} satisfies Fields

const lineFields = {
  key: field.text(sent),
  product: field.code(sent),
  description: field.text(sent),
  sortOrder: field.integer(sent),
  promotion: field.flag(sent),
  warehouse: field.code(sent),
  unit: field.code(sent),
  quantity: field.decimal(sent),
  mainUnit: field.code(sent),
  ratio: field.decimal(sent),
  operator: field.text(sent),
  mainQuantity: field.decimal(sent),
  unitPrice: field.decimal(sent),
  goods: field.decimal(sent),
  goodsOc: field.decimal(sent),
  discountRate: field.decimal(sent),
  discount: field.decimal(sent),
  discountOc: field.decimal(sent),
  vat: field.text(sent),
  vatAmount: field.decimal(sent),
  vatAmountOc: field.decimal(sent),
  total: field.decimal(sent),
  totalOc: field.decimal(sent),
} satisfies Fields

/** The lines of a document; `more` = what only this kind of document has. */
export function linesField(more: Fields = {}): Field {
  return field.list(sent, 'key', { ...lineFields, ...more }, label('Hàng hóa', 'Lines'))
}

/** Paths of the fields that Accounting owns: all that a document's way back may write (D3). */
export function backPathsOf(fields: Fields): readonly string[] {
  return Object.entries(fields).flatMap(([name, { flow, items }]) => [
    ...(flow.owner === 'accounting' ? [name] : []),
    ...Object.entries(items?.fields ?? {}).flatMap(([part, one]) =>
      one.flow.owner === 'accounting' ? [`${name}[].${part}`] : [],
    ),
  ])
}

const amount = canonical.decimal.nullish()

/** What Accounting requires of every document that is sent (§2.3.3), for `z.object`. */
export const documentShape = {
  number: canonical.code,
  date: canonical.date,
  customer: canonical.code,
  currency: z.enum(currencies),
  exchangeRate: canonical.decimal,
  goods: canonical.decimal,
  discount: canonical.decimal,
  vat: canonical.decimal,
  total: canonical.decimal,
  lines: z
    .array(
      z.object({
        key: canonical.text,
        product: canonical.code,
        unit: canonical.code,
        quantity: canonical.decimal,
        unitPrice: canonical.decimal,
        goods: canonical.decimal,
        operator: canonical.operator.nullish(),
        vat: canonical.vat.nullish(),
        discount: amount,
        vatAmount: amount,
      }),
    )
    .min(1)
    .max(500),
}
