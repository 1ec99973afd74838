import { back, backPathsOf, documentShape, headerFields, linesField, sent } from '@amis-sync/amis-documents'
import { type Fields, type Message, canonical, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'

/** Comes back, and is told to Accounting once, when the document is created there (§4.8). */
const backOnceSent = onlyFrom('accounting', { once: 'crm' })

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
  ...headerFields,
  quote: field.code(sent, label('Lập từ báo giá', 'Made from quote')),
  deliveryDate: field.date(sent, label('Hạn giao hàng', 'Delivery date')),
  dueDays: field.integer(sent, label('Số ngày được nợ', 'Payment term in days')),
  shippingAddress: field.text(sent, label('Địa chỉ giao hàng', 'Shipping address')),
  liquidation: field.decimal(sent, label('Giá trị thanh lý', 'Liquidation value')),
  liquidationOc: field.decimal(sent, label('Giá trị thanh lý (nguyên tệ)', 'Liquidation value, document currency')),
  requestSeq: field.integer(sent, label('Lần đề nghị ghi doanh số', 'Revenue request count')),
  withdrawRequested: field.flag(sent, label('Đề nghị thu hồi', 'Withdrawal requested')),
  withdrawRefusal: field.text(sent, label('Lý do không cho thu hồi', 'Why it is not withdrawn')),
  parentOrder: field.flag(sent, label('Là đơn hàng cha', 'Parent order')),
  lines: linesField({ delivered: field.decimal(back, label('Số lượng giao', 'Delivered quantity of each line')) }),
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
export const backPaths = backPathsOf(salesOrderFields)

/** What Accounting requires of a document that is sent (§2.3.3). */
export const salesOrderSchema = z.object({
  ...documentShape,
  liquidation: canonical.decimal.nullish(),
  deliveryDate: canonical.date.nullish(),
  dueDays: canonical.integer.nullish(),
})
