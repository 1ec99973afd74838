import { expect, it, vi } from 'vitest'
import { openCompany } from './company.ts'
import { customer, order, product } from './records.ts'
import { makePlan, apply, seed, connected } from './planned.ts'

// A plan, its application and a first sync in one test, on machines that do a lot besides.
vi.setConfig({ testTimeout: 60_000 })

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
