import type { Row } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { type EngineBench, openBench } from './engine-bench.ts'
import { crmCustomer, crmProduct } from './records.ts'
import { type Trip, Tripwire } from './tripwire.ts'
import { createVirtualClock } from './virtual-clock.ts'

const never: Trip = { n: 0, moment: 'before', forGood: false }
const numbers = ['DH1', 'DH2']

const crmOrder = (number: string): Row => ({
  sale_order_no: number,
  sale_order_date: '2026-11-20',
  account_number: 'KH1',
  currency_type: 'VND',
  exchange_rate: 1,
  to_currency_summary: 100,
  discount_summary: 0,
  tax_summary: 0,
  total_summary: 100,
  liquidate_amount: 100,
  revenue_status: 'Đề nghị ghi',
  revenue_request_seq: 1,
  revenue_withdraw_requested: false,
  revenue_withdraw_refusal: null,
  sale_order_product_mappings: [
    { line_id: Number(number.slice(2)), product_code: 'VT1', unit: 'Cái', amount: 1, price: 100, to_currency: 100 },
  ],
})

/** DH1 and DH2 are in Accounting, where something was made of DH2; both are withdrawn now. */
async function openWorld(wire: Tripwire): Promise<EngineBench> {
  const bench = await openBench(
    { pollMs: 60_000 },
    {
      orders: true,
      clock: createVirtualClock(),
      wrapStore: (store) => wire.store(store),
      wrapConnection: (connection) => wire.connection(connection),
    },
  )
  const { crm, accounting } = bench
  crm.put('Customers', crmCustomer('KH1'), 'KH1')
  crm.put('Products', crmProduct('VT1'), 'VT1')
  for (const number of numbers) crm.put('SaleOrders', crmOrder(number), number.slice(2))
  await bench.engine.connect()
  await bench.settle()
  const used = accounting.rows('Vouchers').find((row) => row.org_refno === 'DH2')!
  accounting.put('Vouchers', { has_created_voucher: true }, String(used.org_refid))
  for (const number of numbers) crm.put('SaleOrders', { revenue_withdraw_requested: true }, number.slice(2))
  return bench
}

async function finish(task: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 8; i += 1) {
    const done = await task().then(
      () => true,
      () => false,
    )
    if (done) return
  }
  throw new Error('it never succeeds')
}

async function outcomeOf({ crm, accounting, store }: EngineBench) {
  const links = await store.links.page('sales-order', { limit: 10 })
  return {
    crm: crm
      .rows('SaleOrders')
      .map((row) => [
        row.sale_order_no,
        row.revenue_status,
        row.revenue_withdraw_requested,
        row.revenue_withdraw_refusal,
      ]),
    accounting: accounting.rows('Vouchers').map((row) => row.org_refno),
    links: links
      .map(({ sides, linked }) => [sides.crm!.key, linked, sides.accounting?.refusal])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    open: await store.journal.count(),
    work: await store.work.page({}, { limit: 10 }),
  }
}

async function withTrip(trip: Trip) {
  const wire = new Tripwire(never)
  const bench = await openWorld(wire)
  wire.arm(trip)
  // Half of the crashes lose the outcomes that were on their way, too: they must be asked for.
  if (trip.forGood && trip.n % 2 === 0) bench.deliver(false)
  const live = async () => {
    await bench.engine.poll()
    await bench.engine.quiet(5_000)
  }
  const done = live().catch(() => undefined)
  await Promise.race([done, wire.died])
  const { calls, tripped } = wire
  if (trip.forGood) {
    await bench.engine.stop()
    await done
    wire.disarm()
    await bench.restart()
  }
  wire.disarm()
  // Long enough for the first try after a failure.
  await bench.clock.sleep(2_000)
  for (let i = 0; i < 3; i += 1) {
    await finish(() => bench.engine.poll())
    expect(await bench.engine.quiet(100_000), `${tripped}: comes to rest`).toBe(true)
  }
  const outcome = await outcomeOf(bench)
  await bench.close()
  return { outcome, calls, tripped }
}

it('SO12 two withdrawals, one granted and one refused', async () => {
  const { outcome } = await withTrip(never)
  expect(outcome).toEqual({
    crm: [
      ['DH1', 'Bản nháp', false, null],
      ['DH2', 'Đề nghị ghi', false, 'Đã phát sinh chứng từ'],
    ],
    accounting: ['DH2'],
    links: [
      ['DH1', false, undefined],
      ['DH2', true, undefined],
    ],
    open: 0,
    work: [],
  })
})

it.each([
  ['fails once before it did anything', { moment: 'before', forGood: false }],
  ['fails once, its answer lost', { moment: 'after', forGood: false }],
  ['is the last one before a crash', { moment: 'before', forGood: true }],
  ['is the last one that is done before a crash', { moment: 'after', forGood: true }],
] as const)(
  'SO12 whichever call of a withdrawal %s, it ends the same',
  async (_title, way) => {
    const good = await withTrip(never)
    expect(good.calls).toBeGreaterThan(15)
    for (let n = 1; n <= good.calls; n += 1) {
      const { outcome, tripped } = await withTrip({ n, ...way })
      expect(outcome, `call ${n}: ${tripped}`).toEqual(good.outcome)
    }
  },
  120_000,
)
