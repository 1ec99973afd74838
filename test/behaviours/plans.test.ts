import { expect, it, vi } from 'vitest'
import { openCompany } from './company.ts'
import { customer, product } from './records.ts'
import { makePlan, apply, itemsOf, totals, seed, act, counted, expected, connected, bare } from './planned.ts'

// A plan, its application and a first sync in one test, on machines that do a lot besides.
vi.setConfig({ testTimeout: 60_000 })

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
