import { type Column, columns } from '@amis-sync/core'
import { numberedList } from '@amis-sync/amis-documents'

/** A column that is read only by the handler's `derive`: named so that the engine knows that the side carries the field. */
export function derivedFrom(...names: string[]): Column {
  return columns.custom(names, { decode: () => undefined })
}

/** Receipts stand alike on both sides. */
export const receipts = numberedList('receipts', {
  number: columns.text('receipt_no'),
  date: columns.date('receipt_date'),
  amount: columns.decimal('amount'),
})
