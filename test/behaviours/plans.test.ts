import type { Run } from '@amis-sync/core'
import type { PlanHeader, PlanItem } from '@amis-sync/engine'
import { planItems } from '@amis-sync/engine'
import { expect, it, vi } from 'vitest'
import { type AnyRow, type Company, openCompany } from './company.ts'
import { category, customer, group, order, product } from './records.ts'

// A plan, its application and a first sync in one test, on machines that do a lot besides.
vi.setConfig({ testTimeout: 60_000 })

let next = 0

function makePlan(company: Company, scope: { step?: number; entity?: string } = {}): Promise<PlanHeader> {
  return company.runner.desk('demo', 'plan.make', { plan: `p${(next += 1)}`, ...scope })
}

function apply(company: Company, plan: PlanHeader, more: { acceptMoved?: boolean } = {}) {
  return company.runner.desk('demo', 'plan.apply', { plan: plan.plan, ...more })
}

async function itemsOf(company: Company, { plan }: PlanHeader): Promise<PlanItem[]> {
  const items: PlanItem[] = []
  for await (const page of planItems(company.store, plan)) items.push(...page)
  return items
}

/** Counts of a plan by entity and what would be done. */
function totals({ counts }: PlanHeader): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {}
  for (const { entity, action, count } of counts) {
    const one = (result[entity] ??= {})
    one[action] = (one[action] ?? 0) + count
  }
  return result
}

/** A company with something of everything. */
async function seed(company: Company): Promise<void> {
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  await company.create('system', 'Employees', {
    code: 'NV1',
    fullName: 'An',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await company.create('crm', 'CustomerGroups', group('N0'))
  await company.create('crm', 'CustomerGroups', group('N1', { parent_code: 'N0' }))
  await company.create('crm', 'Customers', customer('KH1', { account_group_code_list: 'N1', owner_code: 'NV1' }))
  await company.create('crm', 'Customers', customer('KH2', { office_tel: '0901000002' }))
  await company.create('crm', 'Customers', customer('KH3', { office_tel: '02430000001' }))
  await company.create('accounting', 'AccountObjects', act('KH2'))
  await company.create('accounting', 'AccountObjects', act('KH3', { tel: '02430000002' }))
  await company.create('accounting', 'AccountObjects', act('KT1'))
  await company.create('crm', 'Customers', customer('KH4'))
  await company.create('accounting', 'AccountObjects', act('KH4'))
  await company.create('crm', 'ProductCategories', category('H1'))
  await company.create('crm', 'Products', product('VT1', { product_category_code: 'H1' }))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.create('crm', 'SaleOrders', order('DH3', 'KH1', 'VT1'))
}

const act = (code: string, more: AnyRow = {}): AnyRow => ({
  account_object_code: code,
  account_object_name: `Công ty ${code}`,
  is_customer: true,
  ...more,
})

/** What the runs of a first sync came to, in the words of a plan. */
function counted(runs: readonly Run[]): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {}
  for (const [entity, run] of runs.flatMap(({ entities }) => Object.entries(entities))) {
    const { created, linked, updated, skipped, failed } = run
    const all = { create: created, link: linked, update: updated, skip: skipped, left: failed }
    const some = Object.entries(all).filter(([, count]) => count > 0)
    if (some.length > 0) result[entity] = Object.fromEntries(some)
  }
  return result
}

/** The same of a plan: a first sync counts conflicts and bad data as failed, a conflict between two records that it links as linked. */
function expected({ counts }: PlanHeader): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {}
  for (const { entity, action, count, links } of counts) {
    const one = (result[entity] ??= {})
    const add = (name: string, by: number) => by > 0 && (one[name] = (one[name] ?? 0) + by)
    if (action === 'conflict') {
      add('link', links)
      add('left', count - links)
    } else add(action === 'fail' ? 'left' : action, count)
  }
  return result
}

const connected = async (company: Company): Promise<readonly Run[]> => {
  const result = await company.connect()
  if (result.state !== 'connected') throw new Error(result.state)
  await company.settle()
  return company.store.runs.all()
}

/** Of a test that does not care when: nothing about which plan it is. */
const bare = (items: readonly PlanItem[]) => items.map(({ versions: _versions, ...item }) => item)

it('C9 a plan counts what connect then does, and planning writes nothing', async () => {
  const company = await openCompany()
  await seed(company)
  await company.forget()
  const plan = await makePlan(company)
  expect(await company.writes()).toEqual({})
  expect(await company.store.work.counts()).toEqual([])
  expect(await company.store.runs.all()).toEqual([])
  expect(await company.store.journal.count()).toBe(0)
  expect((await company.store.state())?.phase ?? 'new').toBe('new')
  expect(await company.store.documents.count('plan-link')).toBe(0)
  expect(totals(plan)).toEqual({
    'organization-unit': { create: 1 },
    employee: { create: 1 },
    'customer-group': { create: 2 },
    customer: { create: 2, update: 1, link: 1, conflict: 1 },
    'product-group': { create: 1 },
    product: { create: 1 },
    'sales-order': { create: 2, skip: 1 },
  })
  const again = await makePlan(company)
  expect(again.counts).toEqual(plan.counts)
  expect(await itemsOf(company, again)).toEqual(await itemsOf(company, plan))
  expect(counted(await connected(company))).toEqual(expected(plan))
})

it('C9 a first sync without a plan comes to the same as one that was planned', async () => {
  const [company, other] = [await openCompany(), await openCompany()]
  await seed(company)
  await seed(other)
  expect(counted(await connected(other))).toEqual(expected(await makePlan(company)))
})

it('C9 a plan says why, which fields, both values of a conflict, and who was looked at', async () => {
  const company = await openCompany()
  await seed(company)
  const plan = await makePlan(company, { entity: 'customer' })
  const items = new Map((await itemsOf(company, plan)).map((item) => [`${item.from} ${item.key}`, item]))
  expect(items.get('crm KH2')).toMatchObject({ action: 'update', links: true, to: 'accounting', fields: ['phone'] })
  expect(items.get('crm KH3')).toMatchObject({
    action: 'conflict',
    links: true,
    name: 'Công ty KH3',
    conflict: [{ field: 'phone', values: { crm: '02430000001', accounting: '02430000002' }, base: null }],
  })
  expect(items.get('accounting KT1')).toMatchObject({ action: 'create', to: 'crm', reason: { code: 'RULE_ALWAYS' } })
  expect(plan.samples.length).toBeGreaterThan(0)
  expect(plan.requests.find(({ system }) => system === 'crm')).toMatchObject({ writes: 1 })
  expect(plan.seconds.most).toBeGreaterThanOrEqual(plan.seconds.least)
})

it('C9 two records that would become one are planned as connect does it: one link, one conflict', async () => {
  const company = await openCompany()
  await company.create('accounting', 'AccountObjects', act('X1'))
  await company.create('crm', 'Customers', customer('X1'))
  await company.create('crm', 'Contacts', { contact_code: 'X1', contact_name: 'Công ty X1' })
  await company.create('crm', 'Customers', customer('X2'))
  await company.create('crm', 'Contacts', { contact_code: 'X2', contact_name: 'Công ty X2' })
  const plan = await makePlan(company)
  expect(plan.duplicates).toMatchObject([
    { entity: 'customer', side: 'crm', key: 'X1', records: ['Contacts/1', 'Customers/1'] },
    { entity: 'customer', side: 'crm', key: 'X2', records: ['Contacts/2', 'Customers/2'] },
  ])
  const { fresh, moved, created } = await apply(company, plan)
  expect({ fresh, moved, created }).toEqual({ fresh: 0, moved: 0, created: 1 })
  const other = await openCompany()
  await other.create('accounting', 'AccountObjects', act('X1'))
  await other.create('crm', 'Customers', customer('X1'))
  await other.create('crm', 'Contacts', { contact_code: 'X1', contact_name: 'Công ty X1' })
  await other.create('crm', 'Customers', customer('X2'))
  await other.create('crm', 'Contacts', { contact_code: 'X2', contact_name: 'Công ty X2' })
  expect(counted(await connected(other))).toEqual(expected(plan))
})

it('C9 an update that goes both ways is one record of the plan, and both of its halves are written', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1', { office_tel: '0901000001' }))
  await company.create('accounting', 'AccountObjects', act('KH1', { address: 'Số 1 Tràng Tiền' }))
  const plan = await makePlan(company)
  expect(await itemsOf(company, plan)).toMatchObject([
    { action: 'update', to: 'accounting', links: true, fields: ['phone'], later: ['address'] },
  ])
  expect(await apply(company, plan)).toMatchObject({ updated: 1, moved: 0, failed: 0 })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({ tel: '0901000001' })
  expect(await company.find('crm', 'Customers', 'KH1')).toMatchObject({ billing_address: 'Số 1 Tràng Tiền' })
  await company.forget()
  expect(await apply(company, plan)).toMatchObject({ already: 1, updated: 0 })
  expect(await company.writes()).toEqual({})
})

it('C9 a plan is applied step by step, in order, exactly; then connect finds everything and writes nothing', async () => {
  const company = await openCompany()
  await seed(company)
  const [first, second, third] = [
    await makePlan(company, { step: 1 }),
    await makePlan(company, { step: 2 }),
    await makePlan(company, { step: 3 }),
  ]
  expect([first.stepsBefore, second.stepsBefore, third.stepsBefore]).toEqual([[], [1], [1, 2]])
  await company.forget()
  await expect(apply(company, second)).rejects.toMatchObject({ code: 'PLAN_STEP_ORDER' })
  expect(await company.writes()).toEqual({})
  expect(await apply(company, first)).toMatchObject({ created: 2, moved: 0, failed: 0, fresh: 0, missing: 0 })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeUndefined()
  const both = await makePlan(company, { step: 2 })
  expect(await apply(company, both)).toMatchObject({ created: 6, linked: 2, updated: 1, moved: 0, failed: 0, fresh: 0 })
  expect(await company.rows('accounting', 'Vouchers')).toEqual([])
  // What would have gone along is there by now.
  expect(await apply(company, third)).toMatchObject({ created: 2, moved: 0, failed: 0, fresh: 0, missing: 0 })
  expect((await company.rows('accounting', 'Vouchers')).map((row) => row.org_refno as string).toSorted()).toEqual([
    'DH1',
    'DH2',
  ])
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({ employee_code: 'NV1' })
  await company.forget()
  const runs = await connected(company)
  expect(await company.writes()).toEqual({})
  expect(runs.flatMap(({ entities }) => Object.values(entities)).filter(({ created }) => created > 0)).toEqual([])
})

it('C9 one plan of all steps is applied in one go; applied again it writes nothing', async () => {
  const company = await openCompany()
  await seed(company)
  const plan = await makePlan(company)
  const report = await apply(company, plan)
  expect(report).toMatchObject({ created: 10, updated: 1, moved: 0, failed: 0, fresh: 0, missing: 0, waiting: 0 })
  await company.forget()
  expect(await apply(company, plan)).toMatchObject({ created: 0, updated: 0, linked: 0, moved: 0, already: 13 })
  expect(await company.writes()).toEqual({})
})

it('C9 what moved since the plan is not written unless that is asked for; what is new is left alone', async () => {
  const company = await openCompany()
  await seed(company)
  const plan = await makePlan(company)
  await company.update('crm', 'Customers', 'KH1', { office_tel: '0909999999' })
  await company.create('crm', 'Products', product('VT9'))
  await company.forget()
  const report = await apply(company, plan)
  // Both of its orders wait for the customer.
  expect(report).toMatchObject({ moved: 1, fresh: 1, waiting: 2, created: 7 })
  expect(report.movedItems).toMatchObject([{ planned: { key: 'KH1', action: 'create' }, now: { key: 'KH1' } }])
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeUndefined()
  expect(await company.find('accounting', 'InventoryItems', 'VT9')).toBeUndefined()
  expect(await company.rows('accounting', 'Vouchers')).toEqual([])
  expect(await apply(company, plan, { acceptMoved: true })).toMatchObject({ moved: 1, fresh: 1, created: 3 })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({ tel: '0909999999' })
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(2)
  expect(await company.find('accounting', 'InventoryItems', 'VT9')).toBeUndefined()
  await connected(company)
  expect(await company.find('accounting', 'InventoryItems', 'VT9')).toBeDefined()
})

it('C9 an application that is cut off goes on where it stopped, and does nothing twice', async () => {
  const company = await openCompany()
  for (let i = 1; i <= 150; i += 1) await company.create('crm', 'Customers', customer(`KH${i}`))
  const plan = await makePlan(company)
  // Accounting takes the first hundred, and says nothing about them until the runner is gone.
  await company.admin('PUT', '/delivery', { applyDelayMs: 60_000 })
  await company.forget()
  const cut = apply(company, plan).catch(() => undefined)
  await expect.poll(async () => (await company.store.journal.open()).length, { timeout: 10_000 }).toBeGreaterThan(99)
  await company.restart()
  const report = apply(company, plan)
  await expect
    .poll(
      async () =>
        (await company.admin('POST', '/deliveries/flush', {})) &&
        (await company.rows('accounting', 'AccountObjects')).length,
      {
        timeout: 15_000,
      },
    )
    .toBe(150)
  expect(await report).toMatchObject({ moved: 0, missing: 0, failed: 0 })
  await cut
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(150)
  await company.forget()
  expect(await apply(company, plan)).toMatchObject({ created: 0, already: 150 })
  expect(await company.writes()).toEqual({})
})

it('C9 a plan of the documents alone lists what goes along, once each, however many need it', async () => {
  const company = await openCompany()
  await seed(company)
  await company.forget()
  const plan = await makePlan(company, { step: 3 })
  const items = await itemsOf(company, plan)
  const pulled = items
    .filter(({ pulledBy }) => pulledBy)
    .map(({ key, action, pulledBy }) => [key!, action, pulledBy!] as const)
  expect(pulled.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual([
    ['H1', 'create', ['product']],
    ['KH1', 'create', ['sales-order']],
    ['N0', 'create', ['customer-group']],
    ['N1', 'create', ['customer']],
    ['VT1', 'create', ['sales-order']],
  ])
  expect(totals(plan)['sales-order']).toEqual({ create: 2, skip: 1 })
  expect(plan.stepsBefore).toEqual([1, 2])
  expect(await company.writes()).toEqual({})
})

it('C9 of a live tenant a plan says what sending all would do, and leaves nothing unheard', async () => {
  const company = await openCompany({ deliveries: false })
  // The CRM's pushes reach nobody.
  const accountingCallback = { url: `${company.runner.url}/callbacks/demo/accounting` }
  await company.admin('PUT', '/delivery', { accountingCallback, applyDelayMs: 5 })
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Products', product('VT1'))
  await connected(company)
  await company.update('crm', 'Products', 'VT1', { product_name: 'Tên mới' })
  await company.create('crm', 'Customers', customer('KH7'))
  await company.forget()
  const plan = await makePlan(company)
  expect(plan.mode).toBe('sync')
  const items = (await itemsOf(company, plan)).filter(({ action }) => action === 'create' || action === 'update')
  expect(items.map(({ key, action, fields }) => [key, action, fields])).toEqual(
    expect.arrayContaining([
      ['VT1', 'update', ['name']],
      ['KH7', 'create', undefined],
    ]),
  )
  expect(items).toHaveLength(2)
  expect(await company.writes()).toEqual({})
  expect(bare(await itemsOf(company, await makePlan(company)))).toEqual(bare(await itemsOf(company, plan)))
  // No cursor was moved: the edit is heard as ever.
  await company.poll()
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({ inventory_item_name: 'Tên mới' })
  expect(await apply(company, plan)).toMatchObject({ created: 1, updated: 0, already: 1 })
  expect(await company.find('accounting', 'AccountObjects', 'KH7')).toBeDefined()
})

it('C9 a plan of a live tenant with a conflict comes to its end, and shows the conflict', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH3', { office_tel: '02430000001' }))
  await company.create('accounting', 'AccountObjects', act('KH3', { tel: '02430000002' }))
  await connected(company)
  await company.forget()
  const items = await itemsOf(company, await makePlan(company))
  expect(items.map(({ key, action }) => [key, action])).toContainEqual(['KH3', 'conflict'])
  expect(await company.writes()).toEqual({})
})

it('C9 a record that is refused while a plan is applied is tried once, however many need it, and the application ends', async () => {
  const company = await openCompany()
  await seed(company)
  await company.connect()
  await company.settle()
  // The code of an employee: Accounting refuses a customer of it.
  await company.create('crm', 'Customers', customer('NV1'))
  for (const code of ['DH8', 'DH9'])
    await company.create('crm', 'SaleOrders', order(code, 'NV1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.settle()
  const plan = await makePlan(company, { step: 3 })
  await company.forget()
  const report = await apply(company, plan)
  expect(report).toMatchObject({ failed: 1, waiting: 2 })
  // Once for the application, and once by the ordinary work, which takes over what was refused.
  expect((await company.writes())['POST /apir/sync/actopen/save_dictionary']).toBeLessThanOrEqual(2)
  expect(await company.find('accounting', 'Vouchers', 'DH8')).toBeUndefined()
})

it('C9 what planning got to know of records takes nothing from linking them: fields of one owner are written all the same', async () => {
  const company = await openCompany()
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  await company.create('system', 'Employees', {
    code: 'NV1',
    fullName: 'Nguyễn Văn An',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'NV1',
    account_object_name: 'Tên cũ',
    is_employee: true,
  })
  await makePlan(company)
  const plan = await makePlan(company, { step: 1 })
  const item = (await itemsOf(company, plan)).find(({ key }) => key === 'NV1')
  expect(item).toMatchObject({ action: 'update', links: true, fields: expect.arrayContaining(['name', 'unit']) })
  await connected(company)
  expect(await company.find('accounting', 'AccountObjects', 'NV1')).toMatchObject({
    account_object_name: 'Nguyễn Văn An',
    organization_unit_code: 'CTY',
  })
})

it('C9 an application waits an outage out', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1'))
  const plan = await makePlan(company)
  // More often than one request is tried again by itself.
  const away = { system: 'crm', route: 'GET /api/v2/Customers', kind: 'status', params: { status: 503 }, times: 3 }
  await company.admin('PUT', '/faults', { seed: 1, rules: [away] })
  expect(await apply(company, plan)).toMatchObject({ created: 1, moved: 0, failed: 0 })
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(1)
})

it('C9 a plan of the first sync is refused once that is finished, and every plan while the tenant is paused or disconnected', async () => {
  const company = await openCompany()
  await company.create('crm', 'Customers', customer('KH1'))
  const plan = await makePlan(company)
  await expect(company.runner.desk('demo', 'plan.apply', { plan: 'none' })).rejects.toMatchObject({
    code: 'PLAN_UNKNOWN',
  })
  await connected(company)
  await company.forget()
  await expect(apply(company, plan)).rejects.toMatchObject({ code: 'PLAN_MODE' })
  await company.engine.pause()
  const live = await makePlan(company)
  expect(live.mode).toBe('sync')
  await expect(apply(company, live)).rejects.toMatchObject({ code: 'PLAN_PAUSED' })
  await company.engine.disconnect()
  await expect(apply(company, live)).rejects.toMatchObject({ code: 'PLAN_DISCONNECTED' })
  expect(await company.writes()).toEqual({})
})

it('C6 options and conflict rules stand in the plan; under other settings it is refused, with what differs', async () => {
  const company = await openCompany({ tenant: { entities: { customer: { conflicts: { default: 'crm' } } } } })
  await seed(company)
  const plan = await makePlan(company)
  expect(plan.settings).toMatchObject({
    options: { 'sales-order': { recordAs: 'order', deliveredFrom: 'sales' } },
    conflicts: { customer: { default: 'crm' } },
  })
  // The rule decides what otherwise is a conflict.
  expect(totals(plan).customer).toEqual({ create: 2, update: 2, link: 1 })
  await company.restart({ salesOrders: { recordAs: 'contract' } })
  await company.forget()
  await expect(apply(company, plan)).rejects.toMatchObject({
    code: 'PLAN_SETTINGS',
    text: { en: expect.stringContaining('options.sales-order.recordAs') },
  })
  expect(await company.writes()).toEqual({})
})

it('C5 what was left out stands in no plan, and is not read for it', async () => {
  const company = await openCompany({
    tenant: { entities: { 'sales-order': { enabled: false }, product: { enabled: false } } },
  })
  await seed(company)
  await company.forget()
  const plan = await makePlan(company)
  expect(Object.keys(totals(plan))).not.toContain('sales-order')
  expect(Object.keys(totals(plan))).not.toContain('product')
  // Only the probe of what the CRM can do looks at one row.
  const reads = Object.entries(await company.requests()).filter(([route]) => /SaleOrders/.test(route))
  expect(Math.max(0, ...reads.map(([, count]) => count))).toBeLessThanOrEqual(1)
  await expect(makePlan(company, { entity: 'product' })).rejects.toMatchObject({ code: 'PLAN_ENTITY_OFF' })
})

it('C1 a plan of a converted company goes no further than its first step before units and employees are in step', async () => {
  const company = await openCompany({ tenant: { convertedFrom: 'sme' } })
  await seed(company)
  const plan = await makePlan(company)
  expect(await apply(company, plan)).toMatchObject({ failed: 0, moved: 0 })
  const other = await openCompany({ tenant: { convertedFrom: 'sme' } })
  await seed(other)
  const whole = await makePlan(other)
  await other.create('system', 'Employees', {
    code: 'NV2',
    fullName: 'Bình',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await expect(apply(other, whole)).rejects.toMatchObject({
    code: 'PLAN_GATE',
    text: { en: expect.stringContaining('NV2 Bình') },
  })
  expect(await other.find('accounting', 'AccountObjects', 'KH1')).toBeUndefined()
})
