import { type DocumentLife, type Effect, type LifeStep, pathTo } from '@amis-sync/amis-documents'
import { life as invoiceRequestLife } from '@amis-sync/entity-invoice-request'
import { life as quoteLife } from '@amis-sync/entity-quote'
import { life as salesOrderLife } from '@amis-sync/entity-sales-order'
import { expect, it } from 'vitest'
import { type AnyRow, type Company, openLiveCompany } from './company.ts'
import { customer, invoiceRequest, order, product, quote } from './records.ts'

type Doing = (company: Company, key: string) => Promise<unknown>

interface Played {
  readonly life: DocumentLife
  readonly table: string
  readonly status: string
  readonly record: (number: string) => AnyRow
  /** How a person takes each step. */
  readonly steps: Readonly<Record<string, Doing>>
}

const act =
  (system: string, action: string, more: AnyRow = {}): Doing =>
  (company, key) =>
    company.act(system, action, { key, ...more })

const change =
  (table: string, changes: () => AnyRow): Doing =>
  (company, key) =>
    company.update('crm', table, key, changes())

let edits = 0
const note = (): AnyRow => ({ description: `Sửa lần ${(edits += 1)}` })

const orders: Played = {
  life: salesOrderLife,
  table: 'SaleOrders',
  status: 'revenue_status',
  record: (number) => order(number, 'KH1', 'VT1'),
  steps: {
    edit: change('SaleOrders', note),
    request: act('crm', 'requestRevenue'),
    withdraw: act('crm', 'withdrawRevenue'),
    record: act('accounting', 'recordRevenue'),
    refuse: act('accounting', 'refuseRevenue', { reason: 'Thiếu hợp đồng' }),
    receive: act('accounting', 'receive', { amount: 1000 }),
    undo: act('accounting', 'undoVouchers'),
  },
}

const requests: Played = {
  life: invoiceRequestLife,
  table: 'InvoiceRequests',
  status: 'status',
  record: (number) => ({ ...invoiceRequest(number, 'KH1', 'VT1', 'DH0'), sale_order_nos: [] }),
  steps: {
    edit: change('InvoiceRequests', note),
    send: act('crm', 'sendInvoiceRequest'),
    approve: act('accounting', 'approveInvoiceRequest'),
    refuse: act('accounting', 'refuseInvoiceRequest', { reason: 'Sai mã số thuế' }),
    invoice: (company, key) => company.act('accounting', 'invoiceRequests', { keys: [key] }),
    prepare: (company, key) => company.act('accounting', 'invoiceRequests', { keys: [key], is_draft: true }),
    issue: act('accounting', 'issueInvoice'),
    undo: act('accounting', 'undoVouchers'),
  },
}

const quotes: Played = {
  life: quoteLife,
  table: 'Quotes',
  status: 'status',
  record: (number) => quote(number, 'KH1', 'VT1'),
  steps: {
    edit: change('Quotes', note),
    ...Object.fromEntries(
      Object.entries(quoteLife.states).map(([name, { text }]) => [name, change('Quotes', () => ({ status: text }))]),
    ),
  },
}

/** A live company whose customer and product are in ACT already, so that only the documents themselves travel. */
async function company(): Promise<Company> {
  const one = await openLiveCompany()
  await one.create('crm', 'Customers', customer('KH1'))
  await one.create('crm', 'Products', product('VT1'))
  await one.create('crm', 'SaleOrders', order('DH0', 'KH1', 'VT1'))
  await one.engine.desk('request', { entity: 'customer', from: 'crm', keys: ['KH1'] })
  await one.settle()
  return one
}

/** How many rows went each way. */
async function travelled(one: Company, table: string): Promise<Record<Effect, number>> {
  const { rows } = await one.admin('GET', '/requests')
  const sum = (suffix: string) =>
    (rows as AnyRow[])
      .filter(({ method, path }) => `${method} ${path}`.endsWith(suffix))
      .reduce((total, { rowsIn }) => total + (rowsIn as number), 0)
  return { send: sum('/actopen/save'), ask: sum('/actopen/delete'), tell: sum(`PUT /api/v2/${table}`) }
}

function countOf(steps: readonly LifeStep<string>[], effect: Effect): number {
  return steps.flatMap(({ effects }) => effects).filter((one) => one === effect).length
}

/** Each step of the life has a document of its own, which is brought to where the step begins. All of them walk side by side. */
it.each([
  ['SO2 SO6 SO12 SO13 SO16 sales orders', orders],
  ['IR1 IR3 IR4 IR5 invoice requests', requests],
  ['QU1 quotes', quotes],
] as const)('%s: every step of the life does what it says, and nothing else travels', async (_what, played) => {
  const one = await company()
  const { life, table, status, record } = played
  const walks = life.steps.map((step, index) => ({
    number: `CT${String(index + 1).padStart(2, '0')}`,
    path: [...pathTo(life, step.from)!, step],
  }))
  for (const { number } of walks) await one.create('crm', table, record(number))
  await one.settle()
  for (let turn = 0; turn < Math.max(...walks.map(({ path }) => path.length)); turn += 1) {
    await one.forget()
    const walking = walks.filter(({ path }) => turn < path.length)
    for (const { number, path } of walking) await played.steps[path[turn]!.event]!(one, number)
    await one.settle()
    for (const { number, path } of walking) {
      const { from, event, to } = path[turn]!
      const row = (await one.find('crm', table, number))!
      expect(row[status], `${from} --${event}--> ${to}`).toBe(life.states[to]!.text)
    }
    const steps = walking.map(({ path }) => path[turn]!)
    const names = steps.map(({ from, event }) => `${from}/${event}`).join(' ')
    expect(await travelled(one, table), names).toEqual({
      send: countOf(steps, 'send'),
      ask: countOf(steps, 'ask'),
      tell: countOf(steps, 'tell'),
    })
  }
})
