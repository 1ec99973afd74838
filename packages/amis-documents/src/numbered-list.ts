import { type Canonical, type Column, type Columns, type Value, columns } from '@amis-sync/core'

function keyed(items: Value | undefined): Value | undefined {
  if (items === undefined) return undefined
  const seen = new Map<string, number>()
  return (items as readonly Canonical[]).map((item) => {
    const number = (item.number ?? '') as string
    const count = (seen.get(number) ?? 0) + 1
    seen.set(number, count)
    return { key: count === 1 ? number : `${number}#${count}`, ...item }
  })
}

/** Receipts or invoices: their `key` is their `number`; equal numbers are told apart by their order. */
export function numberedList(name: string, items: Columns): Column {
  const plain = columns.list(name, items)
  return { ...plain, decode: (row) => keyed(plain.decode?.(row)) }
}
