import { back, backPathsOf, documentShape, headerFields, linesField, sent } from '@amis-sync/amis-documents'
import { type Fields, type Message, canonical, field } from '@amis-sync/core'
import { z } from 'zod'

const label = (vi: string, en: string): Message => ({ vi, en })

/** Canonical invoice request (contract §4.9). */
export const invoiceRequestFields = {
  number: field.code(sent, label('Số đề nghị', 'Number')),
  date: field.date(sent, label('Ngày đề nghị', 'Date')),
  ...headerFields,
  /** Orders covered, as references: those that Accounting has travel as ids. */
  orders: field.codes(sent, label('Đơn hàng', 'Orders')),
  /** The same orders' numbers, all of them, as text. */
  orderNumbers: field.codes(sent, label('Số đơn hàng', 'Order numbers')),
  buyerName: field.text(sent, label('Tên người mua', 'Buyer name')),
  buyerTaxCode: field.text(sent, label('Mã số thuế người mua', 'Buyer tax code')),
  buyerAddress: field.text(sent, label('Địa chỉ người mua', 'Buyer address')),
  buyerEmail: field.text(sent, label('Email người mua', 'Buyer e-mail')),
  requestSeq: field.integer(sent, label('Lần đề nghị xuất hóa đơn', 'Request count')),
  lines: linesField({ order: field.code(sent) }),
  status: field.text(back, label('Tình trạng', 'Status')),
  refusalReason: field.text(back, label('Lý do từ chối', 'Reason of the refusal')),
  invoices: field.list(
    back,
    'key',
    {
      /** Number, with its position among equal numbers. */
      key: field.text(back),
      number: field.text(back),
      date: field.date(back),
      amount: field.decimal(back),
    },
    label('Hóa đơn', 'Invoices'),
  ),
} satisfies Fields

/** Exactly what comes back to the CRM (contract §4.9), and nothing else (D3). */
export const backPaths = backPathsOf(invoiceRequestFields)

const text = canonical.text.nullish()

/** What Accounting requires of a request that is sent (§2.3.3). */
export const invoiceRequestSchema = z.object({
  ...documentShape,
  orders: canonical.codes.nullish(),
  orderNumbers: canonical.codes.nullish(),
  buyerName: text,
  buyerTaxCode: text,
  buyerAddress: text,
  buyerEmail: text,
})
