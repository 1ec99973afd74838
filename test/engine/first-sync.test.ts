import { expect, it } from 'vitest'
import { openBench } from './engine-bench.ts'

it('a first sync links what is on both sides, creates the rest both ways, and a second one writes nothing', async () => {
  const { engine, crm, accounting, system, store, settle, close } = await openBench()
  const root = system.put('OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1, parentId: null, active: true })
  system.put('OrganizationUnits', { code: 'KD', name: 'Kinh doanh', type: 3, parentId: root, active: true })
  system.put('Employees', {
    code: 'NV1',
    fullName: 'An',
    email: null,
    phone: null,
    organizationUnitId: root,
    isCompanyEmployee: true,
    active: true,
  })
  system.put('Employees', {
    code: 'NV2',
    fullName: 'Bình',
    email: null,
    phone: null,
    organizationUnitId: root,
    isCompanyEmployee: false,
    active: true,
  })
  crm.put('CustomerGroups', {
    group_code: 'N1',
    group_name: 'Nhóm 1',
    parent_code: null,
    inactive: false,
    description: null,
  })
  for (let i = 1; i <= 250; i += 1) {
    crm.put('Customers', {
      account_number: `KH${i}`,
      account_name: `Khách ${i}`,
      account_group_code_list: 'N1',
      is_personal: false,
      inactive: false,
    })
  }
  accounting.put(
    'AccountObjects',
    {
      account_object_code: 'kh7',
      account_object_name: 'Khách 7',
      account_object_type: 0,
      is_customer: true,
      is_employee: false,
      account_object_group_code_list: null,
      inactive: false,
    },
    'guid-7',
  )
  accounting.put(
    'AccountObjects',
    {
      account_object_code: 'CN1',
      account_object_name: 'Cá nhân',
      account_object_type: 1,
      is_customer: true,
      is_employee: false,
      inactive: false,
    },
    'guid-cn',
  )
  accounting.put(
    'AccountObjects',
    {
      account_object_code: 'NCC',
      account_object_name: 'Nhà cung cấp',
      account_object_type: 0,
      is_customer: false,
      is_vendor: true,
      is_employee: false,
    },
    'guid-ncc',
  )

  const result = await engine.connect()
  expect(result).toMatchObject({ state: 'connected', failed: 0 })
  await settle()
  const customers = await store.links.counts('customer')
  expect(customers.linked).toBe(251)
  expect(accounting.rows('OrganizationUnits')).toHaveLength(2)
  expect(accounting.rows('AccountObjects').filter((row) => row.is_employee)).toHaveLength(1)
  expect(accounting.rows('AccountObjects').filter((row) => row.is_customer)).toHaveLength(251)
  expect(crm.rows('Contacts')).toMatchObject([{ contact_code: 'CN1', contact_name: 'Cá nhân' }])
  expect(crm.rows('Customers')).toHaveLength(250)
  expect(accounting.rows('AccountObjectGroups')).toHaveLength(1)

  const before = { crm: crm.counts.writes, accounting: accounting.counts.writes }
  await engine.poll()
  await settle()
  expect({ crm: crm.counts.writes, accounting: accounting.counts.writes }).toEqual(before)
  await close()
}, 30_000)

it('a record whose sides never agree rests after a few writes, and says so', async () => {
  const { engine, crm, accounting, store, settle, close } = await openBench()
  await engine.connect()
  const id = crm.put('Products', { product_code: 'VT1', product_name: 'A', usage_unit: 'Cái', inactive: false })
  await store.work.add([{ entity: 'product', side: 'crm', resource: 'Products', recordId: id }], Date.now())
  engine.wake()
  await settle()
  // Each side has a robot that changes the name back as soon as it is written.
  let round = 0
  const meddle = (twin: typeof crm, table: string, column: string) => {
    twin.onWrite = (moment) => {
      if (moment !== 'after') return
      round += 1
      for (const row of twin.rows(table))
        twin.put(table, { [column]: `robot ${round}` }, String(row.id ?? row.inventory_item_id))
    }
  }
  meddle(crm, 'Products', 'product_name')
  meddle(accounting, 'InventoryItems', 'inventory_item_name')
  crm.put('Products', { product_name: 'B' }, id)
  for (let i = 0; i < 12; i += 1) {
    await engine.poll()
    await settle()
  }
  const [resting] = await store.work.page({ entity: 'product', states: ['failed'] }, { limit: 10 })
  expect(resting?.failure?.code).toBe('WRITE_BUDGET')
  expect(crm.counts.writes + accounting.counts.writes).toBeLessThan(15)
  await close()
}, 30_000)
