import type { Run } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { openCompany } from './company.ts'
import { customer, order, product } from './records.ts'

it('C1 a converted tenant is refused until units and employees are in step, with what is missing by code and name', async () => {
  const company = await openCompany({ tenant: { convertedFrom: 'sme' } })
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty Mẹ', type: 1 })
  await company.create('system', 'Employees', {
    code: 'NV1',
    fullName: 'Nguyễn Văn An',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await company.create('system', 'Employees', {
    code: 'NV2',
    fullName: 'Cộng tác viên',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: false,
    active: true,
  })
  await company.create('crm', 'Customers', customer('KH1'))
  await company.settle()
  await company.forget()
  expect(await company.connect()).toMatchObject({
    state: 'refused',
    missing: [
      { entity: 'organization-unit', code: 'CTY', name: 'Công ty Mẹ' },
      { entity: 'employee', code: 'NV1', name: 'Nguyễn Văn An' },
    ],
  })
  expect(await company.writes()).toEqual({})
  await company.engine.desk('request', { entity: 'organization-unit', from: 'system', all: true })
  await company.engine.desk('request', { entity: 'employee', from: 'system', all: true })
  await company.settle()
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeUndefined()
  expect(await company.connect()).toMatchObject({ state: 'connected' })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toBeDefined()
})

it('C7 C8 the first sync goes in three steps, each behind the one before, each in its directions', async () => {
  const company = await openCompany()
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  await company.create('system', 'Employees', {
    code: 'NV1',
    fullName: 'An',
    organizationUnitCode: 'CTY',
    isCompanyEmployee: true,
    active: true,
  })
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('accounting', 'AccountObjectGroups', {
    account_object_group_code: 'K1',
    account_object_group_name: 'Nhóm',
  })
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KT1',
    account_object_name: 'Khách',
    is_customer: true,
  })
  await company.create('crm', 'Customers', customer('KH1', { owner_code: 'NV1' }))
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
  await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1'))
  const steps: Run[] = []
  const result = await company.runner.connect('demo', (run) => steps.push(run))
  await company.settle()
  expect(result).toMatchObject({ state: 'connected', failed: 0 })
  expect(await company.store.runs.all()).toMatchObject([
    { step: 1, state: 'finished' },
    { step: 2, state: 'finished' },
    { step: 3, state: 'finished' },
  ])
  const numbers = steps.map((run) => run.step)
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  const [system, catalogues, documents] = await company.store.runs.all()
  expect(catalogues!.startedAt).toBeGreaterThanOrEqual(system!.finishedAt!)
  expect(documents!.startedAt).toBeGreaterThanOrEqual(catalogues!.finishedAt!)
  expect(await company.find('accounting', 'AccountObjects', 'NV1')).toMatchObject({ is_employee: true })
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({ employee_code: 'NV1' })
  expect(await company.find('crm', 'Customers', 'KT1')).toBeDefined()
  expect(await company.find('crm', 'CustomerGroups', 'K1')).toBeUndefined()
  expect((await company.rows('accounting', 'Vouchers')).map((row) => row.org_refno)).toEqual(['DH1'])
})

it('C10 progress counts what is done, created, linked, skipped and failed', async () => {
  const company = await openCompany()
  for (let i = 1; i <= 120; i += 1) await company.create('crm', 'Customers', customer(`KH${i}`))
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KH1',
    account_object_name: 'Công ty KH1',
    is_customer: true,
  })
  await company.create('accounting', 'AccountObjects', {
    account_object_code: 'KH2',
    account_object_name: 'Nhân viên',
    is_employee: true,
  })
  const seen: number[] = []
  const result = await company.runner.connect('demo', (run) => {
    const done = run.entities.customer?.done
    if (done !== undefined) seen.push(done)
  })
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  const runs = result.state === 'connected' ? result.runs : []
  expect(runs[1]?.entities.customer).toMatchObject({ done: 120, created: 118, linked: 1, failed: 1 })
})
