import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany } from './company.ts'
import { product } from './records.ts'

/** How many records change on either side while the tenant is away; C11_CHANGES=10000 for the full measure. */
const changes = Number(process.env['C11_CHANGES'] ?? 200)
const half = Math.floor(changes / 2)
const patient = 60_000 + changes * 60

const code = (index: number) => `VT${String(index + 1).padStart(6, '0')}`

async function actAll(company: Company, commands: readonly AnyRow[]): Promise<void> {
  for (let start = 0; start < commands.length; start += 1_000) {
    const { results } = await company.admin('POST', '/act', commands.slice(start, start + 1_000))
    for (const result of results as AnyRow[]) if (result.ok !== true) throw new Error(JSON.stringify(result))
  }
}

/** A live company with so many products on both sides, in step. */
async function withProducts(deliveries: boolean): Promise<Company> {
  const left = [
    'warehouse',
    'inventory',
    'receivable',
    'customer',
    'customer-group',
    'employee',
    'organization-unit',
    'quote',
    'invoice-request',
    'price-policy',
  ]
  const entities = Object.fromEntries([...left, 'sales-order'].map((id) => [id, { enabled: false }]))
  const company = await openCompany({ deliveries, tenant: { entities } })
  await company.admin('POST', '/seed', { profile: 'size', n: changes * 2, mirror: true })
  await company.connect()
  await quiet(company)
  await company.forget()
  return company
}

async function quiet(company: Company): Promise<void> {
  const until = Date.now() + patient
  let calm = false
  while (!calm && Date.now() < until) {
    const { sent, applied } = await company.admin('POST', '/deliveries/flush', {})
    calm = (await company.engine.quiet(patient)) && sent === 0 && applied === 0
  }
  expect(calm).toBe(true)
}

/** One half of the products is edited in CRM, the other half in ACT; the first ones once more. */
async function everybodyEdits(company: Company, onHeard = async (): Promise<void> => undefined): Promise<void> {
  const crm = Array.from({ length: half }, (_, index) => code(index))
  const accounting = Array.from({ length: half }, (_, index) => code(half + index))
  const inCrm = (key: string, text: string) => ({
    system: 'crm',
    action: 'update',
    entity: 'Products',
    key,
    changes: { product_name: `${key} ${text}` },
  })
  await actAll(
    company,
    crm.slice(0, 50).map((key) => inCrm(key, 'lần 1')),
  )
  await onHeard()
  await actAll(
    company,
    crm.map((key) => inCrm(key, 'lần 2')),
  )
  await actAll(
    company,
    accounting.map((key) => ({
      system: 'accounting',
      action: 'update',
      entity: 'InventoryItems',
      key,
      changes: { inventory_item_name: `${key} kế toán` },
    })),
  )
}

/** Every edit is on both sides. */
async function expectNothingLost(company: Company): Promise<void> {
  const items = new Map(
    (await company.rows('accounting', 'InventoryItems')).map((row) => [
      row.inventory_item_code,
      row.inventory_item_name,
    ]),
  )
  const products = new Map((await company.rows('crm', 'Products')).map((row) => [row.product_code, row.product_name]))
  for (let index = 0; index < half; index += 1) {
    if (items.get(code(index)) !== `${code(index)} lần 2`) expect(items.get(code(index))).toBe(`${code(index)} lần 2`)
    const other = code(half + index)
    if (products.get(other) !== `${other} kế toán`) expect(products.get(other)).toBe(`${other} kế toán`)
  }
}

interface Bill {
  readonly requests: number
  /** Rows that were written to each side. */
  readonly rows: Record<string, number>
}

async function bill(company: Company): Promise<Bill> {
  const { rows, total, routes } = await company.admin('GET', '/requests')
  if (process.env['C11_SHOW']) console.log(routes)
  const written: Record<string, number> = {}
  for (const { system, path, method, rowsIn } of rows as AnyRow[]) {
    const saves = method === 'PUT' || String(path).includes('save_dictionary')
    if (saves) written[system] = (written[system] ?? 0) + Number(rowsIn)
  }
  return { requests: Number(total), rows: written }
}

/** From now on only polls tell of changes; so the echoes of the catching up, whose number is chance, are in no bill. */
async function hearNothing(company: Company): Promise<void> {
  await company.admin('PUT', '/delivery', {
    crmWebhook: null,
    accountingCallback: { url: `${company.runner.url}/callbacks/demo/accounting` },
    applyDelayMs: 5,
  })
  await company.admin('PUT', '/capabilities', { crm: { webhooks: false }, accounting: { hints: false } })
}

/** What the same changes cost a tenant that was never away, and hears of them by its regular poll only. */
async function plainDelta(): Promise<Bill> {
  const company = await withProducts(false)
  await hearNothing(company)
  await everybodyEdits(company)
  await company.forget()
  await company.engine.poll()
  await quiet(company)
  await expectNothingLost(company)
  return bill(company)
}

describe(`C11 ${changes} changes while the tenant is away: nothing lost, nothing twice, no more requests than a delta`, () => {
  let delta: Promise<Bill> | undefined
  const plain = () => (delta ??= plainDelta())

  it(
    'C11 paused with deliveries queuing up, then resumed',
    async () => {
      const allowed = await plain()
      const company = await withProducts(true)
      await company.engine.pause()
      await everybodyEdits(company)
      await company.admin('POST', '/deliveries/flush', {})
      expect(await company.writes()).toEqual({})
      await company.forget()
      await hearNothing(company)
      await company.engine.resume()
      await quiet(company)
      await expectNothingLost(company)
      const paid = await bill(company)
      if (process.env['C11_SHOW'] ?? process.env['C11_CHANGES']) console.log('delta', allowed, 'resumed', paid)
      expect(paid.rows).toEqual({ crm: half, accounting: half })
      expect(paid.requests).toBeLessThanOrEqual(Math.ceil(allowed.requests * 1.1))
    },
    patient * 3,
  )

  it(
    'C11 disconnected with deliveries answered and dropped, then connected again',
    async () => {
      const allowed = await plain()
      const company = await withProducts(true)
      const links = await company.store.links.counts('product')
      await company.runner.ask('demo', 'disconnect', {})
      expect((await company.store.state())?.phase).toBe('disconnected')
      await everybodyEdits(company, async () => {
        const { failed, sent } = await company.admin('POST', '/deliveries/flush', {})
        expect([failed, sent > 0]).toEqual([0, true])
        await hearNothing(company)
      })
      await company.engine.poll()
      expect(await company.requests()).toEqual({})
      expect(await company.connect()).toMatchObject({ state: 'connected' })
      await quiet(company)
      await expectNothingLost(company)
      const paid = await bill(company)
      if (process.env['C11_SHOW'] ?? process.env['C11_CHANGES']) console.log('delta', allowed, 'reconnected', paid)
      expect(paid.rows).toEqual({ crm: half, accounting: half })
      expect(paid.requests).toBeLessThanOrEqual(Math.ceil(allowed.requests * 1.1))
      expect(await company.store.links.counts('product')).toEqual(links)
    },
    patient * 3,
  )
})

it('C11 what is deleted silently while the tenant is disconnected is found when it connects again', async () => {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Products', product('VT1'))
  await company.connect()
  await company.create('crm', 'Customers', { account_number: 'KH1', account_name: 'An Phát' })
  await company.create('crm', 'Quotes', {
    quote_no: 'BG1',
    quote_date: '2026-11-20',
    account_number: 'KH1',
    quote_product_mappings: [{ product_code: 'VT1', amount: 2, price: 100000 }],
  })
  await company.settle()
  await company.runner.ask('demo', 'disconnect', {})
  await company.act('accounting', 'deleteRequest', { key: 'BG1' })
  await company.connect()
  await company.settle()
  const [link] = await company.store.links.findByKey('quote', 'crm', ['BG1'])
  expect(link?.sides.accounting?.gone).toBe(true)
})
