import { type Field, type Fields, type Message, canonical, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'
import { currencies } from './statuses.ts'

const sent = onlyFrom('crm')
const back = onlyFrom('accounting')
/** Comes back, and is told to Accounting once, when the document is created there (§4.8). */
const backOnceSent = onlyFrom('accounting', { once: 'crm' })

const money = (vi: string, en: string): Field => field.decimal(sent, { vi, en })

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
  delivered: field.decimal(back),
} satisfies Fields

const receiptFields = {
  /** Number, with its position among equal numbers: one receipt may pay twice on an order. */
  key: field.text(back),
  number: field.text(back),
  date: field.date(back),
  amount: field.decimal(back),
} satisfies Fields

const label = (vi: string, en: string): Message => ({ vi, en })

/** Canonical sales order (contract §4.8). `Oc` = in the document's currency; without it in VND. */
export const salesOrderFields = {
  number: field.code(sent, label('Số đơn hàng', 'Number')),
  date: field.date(sent, label('Ngày đặt hàng', 'Date')),
  customer: field.code(sent, label('Khách hàng', 'Customer')),
  owner: field.code(sent, label('Nhân viên kinh doanh', 'Salesperson')),
  quote: field.code(sent, label('Lập từ báo giá', 'Made from quote')),
  currency: field.text(sent, label('Loại tiền', 'Currency')),
  exchangeRate: field.decimal(sent, label('Tỷ giá', 'Exchange rate')),
  deliveryDate: field.date(sent, label('Hạn giao hàng', 'Delivery date')),
  dueDays: field.integer(sent, label('Số ngày được nợ', 'Payment term in days')),
  shippingAddress: field.text(sent, label('Địa chỉ giao hàng', 'Shipping address')),
  description: field.text(sent, label('Diễn giải', 'Description')),
  goods: money('Tổng tiền hàng', 'Goods'),
  goodsOc: money('Tổng tiền hàng (nguyên tệ)', 'Goods, document currency'),
  discount: money('Tổng chiết khấu', 'Discount'),
  discountOc: money('Tổng chiết khấu (nguyên tệ)', 'Discount, document currency'),
  vat: money('Tổng tiền thuế', 'VAT'),
  vatOc: money('Tổng tiền thuế (nguyên tệ)', 'VAT, document currency'),
  total: money('Tổng tiền thanh toán', 'Total'),
  totalOc: money('Tổng tiền thanh toán (nguyên tệ)', 'Total, document currency'),
  liquidation: money('Giá trị thanh lý', 'Liquidation value'),
  liquidationOc: money('Giá trị thanh lý (nguyên tệ)', 'Liquidation value, document currency'),
  requestSeq: field.integer(sent, label('Lần đề nghị ghi doanh số', 'Revenue request count')),
  parentOrder: field.flag(sent, label('Là đơn hàng cha', 'Parent order')),
  /** What the row uses that the contract does not cover (§6.3). */
  beyond: field.codes(sent, label('Nội dung chưa hỗ trợ', 'Not supported')),
  lines: field.list(sent, 'key', lineFields, label('Hàng hóa', 'Lines')),
  status: field.text(backOnceSent, label('Tình trạng đơn hàng', 'Order status')),
  revenueStatus: field.text(backOnceSent, label('Tình trạng ghi doanh số', 'Revenue recording status')),
  revenueRefusalReason: field.text(back, label('Lý do từ chối ghi doanh số', 'Reason of the refusal')),
  deliveryStatus: field.text(backOnceSent, label('Tình trạng giao hàng', 'Delivery status')),
  deliveredTotal: field.decimal(back, label('Tổng số lượng giao', 'Delivered quantity')),
  received: field.decimal(back, label('Thực thu', 'Received')),
  receipts: field.list(back, 'key', receiptFields, label('Danh sách chứng từ thực thu', 'Receipts')),
  payStatus: field.text(back, label('Tình trạng thanh toán', 'Payment status')),
  paidDate: field.date(back, label('Ngày thanh toán', 'Paid on')),
  remaining: field.decimal(back, label('Còn phải thu', 'Still to collect')),
  invoiced: field.flag(back, label('Đã xuất hóa đơn', 'Invoiced')),
  invoicedAmount: field.decimal(back, label('Giá trị đã xuất hóa đơn', 'Invoiced value')),
  uninvoicedAmount: field.decimal(back, label('Giá trị chưa xuất hóa đơn', 'Value not invoiced')),
} satisfies Fields

/** Exactly what comes back to the CRM (contract §4.8), and nothing else (D3). */
export const backPaths: readonly string[] = Object.entries<Field>(salesOrderFields).flatMap(
  ([name, { flow, items }]) => [
    ...(flow.owner === 'accounting' ? [name] : []),
    ...Object.entries(items?.fields ?? {}).flatMap(([part, one]) =>
      one.flow.owner === 'accounting' ? [`${name}[].${part}`] : [],
    ),
  ],
)

const amount = canonical.decimal.nullish()

/** What Accounting requires of a document that is sent (§2.3.3). */
export const salesOrderSchema = z.object({
  number: canonical.code,
  date: canonical.date,
  customer: canonical.code,
  currency: z.enum(currencies),
  exchangeRate: canonical.decimal,
  goods: canonical.decimal,
  discount: canonical.decimal,
  vat: canonical.decimal,
  total: canonical.decimal,
  liquidation: amount,
  deliveryDate: canonical.date.nullish(),
  dueDays: canonical.integer.nullish(),
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
})
