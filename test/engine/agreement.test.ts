import type { Row } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { actBy, crmBy, find, hint, open, openItems, pollAll } from './live-bench.ts'
import { crmCustomer, crmGroup, crmProduct } from './records.ts'

it('a group whose code differs on the two sides makes no customer travel to and fro', async () => {
  const bench = await open()
  const group = bench.crm.put('CustomerGroups', crmGroup('N1'))
  bench.crm.put('Customers', crmCustomer('KH1', { account_group_code_list: 'N1' }))
  await bench.engine.connect()
  await bench.settle()
  const [crm] = bench.crm.rows('Customers')
  bench.crm.put('CustomerGroups', { group_code: 'N2' }, group)
  bench.crm.put('Customers', { account_group_code_list: 'N2' }, String(crm!.id))
  const before = [bench.crm.counts.writes, bench.accounting.counts.writes]
  await pollAll(bench, 1)
  expect(bench.crm.counts.writes).toBe(before[0])
  expect(bench.accounting.counts.writes).toBeLessThanOrEqual(before[1]! + 2)
  const rested = [bench.crm.counts.writes, bench.accounting.counts.writes]
  await pollAll(bench, 5)
  expect([bench.crm.counts.writes, bench.accounting.counts.writes]).toEqual(rested)
  // The group may have gone along with its customer, or not: what counts is that both name the same one.
  const there = bench.accounting.rows('AccountObjectGroups')[0]!.account_object_group_code
  expect(actBy(bench, 'KH1')).toMatchObject({ account_object_group_code_list: there })
  expect(crmBy(bench, 'KH1')).toMatchObject({ account_group_code_list: 'N2' })
  // a further edit of groups at ACT
  bench.accounting.put(
    'AccountObjects',
    { account_object_group_code_list: null },
    String(actBy(bench, 'KH1')!.account_object_id),
  )
  await pollAll(bench, 3)
  expect(crmBy(bench, 'KH1')!.account_group_code_list ?? '').toBe('')
  bench.accounting.put(
    'AccountObjects',
    { account_object_group_code_list: there },
    String(actBy(bench, 'KH1')!.account_object_id),
  )
  await pollAll(bench, 3)
  expect(crmBy(bench, 'KH1')!.account_group_code_list).toBe('N2')
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('a conflict that was settled at the other side closes on both', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.engine.pause()
  await bench.engine.poll()
  await bench.engine.resume()
  await bench.settle()
  expect((await bench.store.work.page({ states: ['conflict'] }, { limit: 9 })).length).toBeGreaterThan(0)
  bench.crm.put('Customers', { office_tel: '03' }, id)
  await pollAll(bench)
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('edits of one field on both sides while paused are a conflict, whichever feed is asked first', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  await bench.engine.pause()
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.store.work.add([hint('crm', 'customer', 'Customers', id)], 0)
  await bench.engine.resume()
  await bench.settle()
  expect(crmBy(bench, 'KH1')).toMatchObject({ office_tel: '02' })
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '03' })
  await bench.close()
})

it('edits of one field on both sides while the engine was down are a conflict, too', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  await bench.engine.stop()
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.restart()
  await bench.settle()
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ office_tel: '02' })
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '03' })
  await bench.close()
})

it('a changed conflict rule settles what was held', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  await bench.engine.pause()
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.engine.poll()
  await bench.engine.resume()
  await bench.settle()
  expect((await bench.store.work.page({ states: ['conflict'] }, { limit: 9 })).length).toBeGreaterThan(0)
  bench.engine.configure({
    tenant: 'acme',
    convertedFrom: 'none',
    plugins: {},
    pollMs: 3_600_000,
    auditShare: 1,
    enabled: new Set(['organization-unit', 'employee', 'customer-group', 'customer', 'product-group', 'product']),
    conflicts: { customer: { default: 'crm' } },
  })
  await bench.settle()
  await pollAll(bench)
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '02' })
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('renames of codes travel on either side', async () => {
  const bench = await open()
  const id = bench.crm.put('Products', crmProduct('VT1'))
  await bench.engine.connect()
  await bench.settle()
  bench.crm.put('Products', { product_code: 'VT1b' }, id)
  await pollAll(bench)
  expect(bench.accounting.rows('InventoryItems')).toMatchObject([{ inventory_item_code: 'VT1b' }])
  bench.accounting.put(
    'InventoryItems',
    { inventory_item_code: 'VT1c' },
    String(bench.accounting.rows('InventoryItems')[0]!.inventory_item_id),
  )
  await pollAll(bench)
  expect(bench.crm.rows('Products')).toMatchObject([{ product_code: 'VT1c' }])
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('a record that is deleted and made again with its code is a conflict, and doubles nothing', async () => {
  const bench = await open()
  const id = bench.crm.put('Products', crmProduct('VT1'))
  await bench.engine.connect()
  await bench.settle()
  bench.crm.remove('Products', id)
  await pollAll(bench)
  expect(bench.accounting.rows('InventoryItems')).toMatchObject([{ inactive: true }])
  bench.crm.put('Products', crmProduct('VT1', { product_name: 'Mới' }))
  await pollAll(bench)
  expect(bench.accounting.rows('InventoryItems')).toHaveLength(1)
  expect(await openItems(bench)).toEqual(['product|crm|Products|2 conflict AMBIGUOUS'])
  await bench.close()
})

it('the same code in Customers and Contacts is a conflict; neither takes the other’s place in Accounting', async () => {
  const bench = await open()
  bench.crm.put('Customers', crmCustomer('X1'))
  bench.crm.put('Contacts', { contact_code: 'x1', contact_name: 'Người', account_number: null, inactive: false })
  await bench.engine.connect()
  await bench.settle()
  await pollAll(bench)
  expect(bench.accounting.rows('AccountObjects')).toMatchObject([
    { account_object_code: 'X1', account_object_name: 'Khách X1', account_object_type: 0 },
  ])
  expect(await openItems(bench)).toEqual(['customer|crm|Contacts|2 conflict AMBIGUOUS'])
  await bench.close()
})

it('both sides edit different fields of a product, with lists', async () => {
  const bench = await open()
  const id = bench.crm.put(
    'Products',
    crmProduct('VT1', { conversion_units: [{ usage_unit: 'Hộp', ratio: 10, operator: '*' }] }),
  )
  await bench.engine.connect()
  await bench.settle()
  const guid = String(bench.accounting.rows('InventoryItems')[0]!.inventory_item_id)
  bench.crm.put('Products', { conversion_units: [{ usage_unit: 'Hộp', ratio: 12, operator: '*' }] }, id)
  bench.accounting.put(
    'InventoryItems',
    {
      unit_list: [
        { unit_name: 'Hộp', convert_rate: 10, operator: '*' },
        { unit_name: 'Thùng', convert_rate: 100, operator: '*' },
      ],
    },
    guid,
  )
  await bench.engine.pause()
  await bench.engine.poll()
  await bench.engine.resume()
  await bench.settle()
  await pollAll(bench)
  expect(await openItems(bench)).toEqual([])
  const units = (row: Row, list: string, name: string) => new Set((row[list] as Row[]).map((one) => one[name]))
  expect(units(bench.crm.rows('Products')[0]!, 'conversion_units', 'usage_unit')).toEqual(new Set(['Hộp', 'Thùng']))
  expect(bench.accounting.rows('InventoryItems')[0]!.unit_list).toHaveLength(2)
  await bench.close()
})

it('a product goes into another group on either side, and groups get another parent', async () => {
  const bench = await open()
  const group = (code: string, parent: string | null = null) => ({
    category_code: code,
    category_name: code,
    parent_code: parent,
    inactive: false,
  })
  const ids = ['G1', 'G2', 'G3'].map((code) => bench.crm.put('ProductCategories', group(code)))
  const id = bench.crm.put('Products', crmProduct('VT1', { product_category_code: 'G1' }))
  await bench.engine.connect()
  await bench.settle()
  bench.crm.put('Products', { product_category_code: 'G2' }, id)
  bench.crm.put('ProductCategories', { parent_code: 'G3' }, ids[0])
  await pollAll(bench)
  const [item] = bench.accounting.rows('InventoryItems')
  expect(item).toMatchObject({ inventory_item_category_code_list: 'G2' })
  expect(find(bench, 'accounting', 'InventoryItemCategories', 'inventory_item_category_code', 'G1')).toMatchObject({
    parent_code: 'G3',
  })
  bench.accounting.put('InventoryItems', { inventory_item_category_code_list: 'G3' }, String(item!.inventory_item_id))
  await pollAll(bench)
  expect(bench.crm.rows('Products')).toMatchObject([{ product_category_code: 'G3' }])
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})
