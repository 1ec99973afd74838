import { type Canonical, type Column, type Value, columns } from '@amis-sync/core'

/** A column that is read only by the handler's `derive`: named so that the engine knows that the side carries the field. */
export function derivedFrom(...names: string[]): Column {
  return columns.custom(names, { decode: () => undefined })
}

const plainReceipts = columns.list('receipts', {
  number: columns.text('receipt_no'),
  date: columns.date('receipt_date'),
  amount: columns.decimal('amount'),
})

function keyed(receipts: Value | undefined): Value | undefined {
  if (receipts === undefined) return undefined
  const seen = new Map<string, number>()
  return (receipts as readonly Canonical[]).map((receipt) => {
    const number = (receipt.number ?? '') as string
    const count = (seen.get(number) ?? 0) + 1
    seen.set(number, count)
    return { key: count === 1 ? number : `${number}#${count}`, ...receipt }
  })
}

/** Receipts stand alike on both sides; equal numbers are told apart by their order. */
export const receipts: Column = { ...plainReceipts, decode: (row) => keyed(plainReceipts.decode?.(row)) }
