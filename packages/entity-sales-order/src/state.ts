import { isOlder } from '@amis-sync/amis-documents'
import {
  type Canonical,
  type Decimal,
  type HandlerContext,
  type Value,
  addDecimals,
  compareDecimals,
  subtractDecimals,
} from '@amis-sync/core'
import { deliveryNumbers, decisionOf, revenueOf, statusFrom, statusNumbers } from './statuses.ts'

type Items = readonly Canonical[]

const asStated = [
  'status',
  'deliveryStatus',
  'received',
  'receipts',
  'remaining',
  'invoiced',
  'invoicedAmount',
] as const

/** A decision about an older request than the CRM's present one is no news: the newer request is still under way. */
function decision(state: Canonical, other: Canonical | undefined): Canonical {
  if (state.revenueStatus === undefined || isOlder(state, other)) return {}
  return { revenueStatus: state.revenueStatus, revenueRefusalReason: state.revenueRefusalReason ?? null }
}

/** Money received against the CRM's liquidation value (§4.8). */
function payment(received: Decimal, receipts: Items, liquidation: Decimal): Canonical {
  if (compareDecimals(received, '0') <= 0) return { payStatus: 'unpaid', paidDate: null }
  if (compareDecimals(received, liquidation) < 0) return { payStatus: 'partly', paidDate: null }
  let sum = '0'
  for (const { amount, date } of receipts) {
    sum = addDecimals(sum, (amount as Decimal | null) ?? '0')
    if (compareDecimals(sum, liquidation) >= 0) return { payStatus: 'paid', paidDate: date ?? null }
  }
  return { payStatus: 'paid', paidDate: null }
}

function deliveries(state: Canonical, deliveredFrom: unknown): Canonical {
  if (state.lines === undefined) return {}
  const part = deliveredFrom === 'stock' ? 'deliveredByStock' : 'deliveredBySales'
  const lines = (state.lines as Items).map((line) => ({
    key: line.key,
    delivered: line[part] === null ? '0' : line[part],
  }))
  const known = lines.flatMap(({ delivered }) => (typeof delivered === 'string' ? [delivered] : []))
  return { lines, ...(known.length === lines.length ? { deliveredTotal: addDecimals(...known) } : {}) }
}

function amounts(state: Canonical, liquidation: Decimal | undefined): Canonical {
  if (liquidation === undefined) return {}
  const { received, invoicedAmount } = state
  return {
    ...(typeof received === 'string' ? payment(received, (state.receipts ?? []) as Items, liquidation) : {}),
    ...(typeof invoicedAmount === 'string' ? { uninvoicedAmount: subtractDecimals(liquidation, invoicedAmount) } : {}),
  }
}

/** The last liquidation value that anyone knows, the CRM's first: its formulas stand on it (§1.6.1). */
function liquidationOf(...records: (Canonical | undefined)[]): Decimal | undefined {
  for (const record of records) if (typeof record?.liquidation === 'string') return record.liquidation
  return undefined
}

/**
 * What Accounting's state of a document says in canonical fields (contract §4.8): only the way back. A state that does not speak for
 * the document (deleted, or a save still queued) says nothing.
 */
export function readState(state: Canonical, { settings, other, base }: HandlerContext): Canonical {
  if (state.status === undefined) return {}
  const result: Record<string, Value | undefined> = {}
  for (const name of asStated) if (state[name] !== undefined) result[name] = state[name]
  return {
    ...result,
    ...decision(state, other),
    ...deliveries(state, settings.deliveredFrom),
    ...amounts(state, liquidationOf(other, base, state)),
  }
}

/** What Accounting shows of a document right after it was created there: so that its first state is no news (§4.8). */
export function stateAfterCreate(record: Canonical): Canonical {
  const liquidation = liquidationOf(record) ?? (typeof record.total === 'string' ? record.total : '0')
  const status = statusNumbers[record.status as keyof typeof statusNumbers] ?? 0
  const delivery = (record.deliveryStatus ?? 'none') as keyof typeof deliveryNumbers
  const recorded = revenueOf(record.revenueStatus) === 'recorded'
  return {
    status: statusFrom(status, deliveryNumbers[delivery], Number(liquidation)),
    deliveryStatus: delivery,
    ...(recorded ? { revenueStatus: decisionOf('recorded', record.requestSeq), revenueRefusalReason: null } : {}),
    deliveredTotal: '0',
    received: '0',
    receipts: [],
    payStatus: 'unpaid',
    paidDate: null,
    remaining: liquidation,
    invoiced: false,
    invoicedAmount: '0',
    uninvoicedAmount: liquidation,
    ...(record.lines === undefined
      ? {}
      : { lines: (record.lines as Items).map((line) => ({ ...line, delivered: '0' })) as Value }),
  }
}
