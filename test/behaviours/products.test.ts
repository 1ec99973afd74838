import { expect, it } from 'vitest'
import { openCompany, openLiveCompany } from './company.ts'
import { category, product } from './records.ts'

const item = (code: string, more = {}) => ({
  inventory_item_code: code,
  inventory_item_name: `Vật tư ${code}`,
  unit_name: 'Cái',
  ...more,
})
const itemCategory = (code: string) => ({
  inventory_item_category_code: code,
  inventory_item_category_name: `Nhóm ${code}`,
})

it('PR1 PG1 the first sync carries products and product groups both ways', async () => {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'ProductCategories', category('A'))
  await company.create('crm', 'ProductCategories', category('A1', { parent_code: 'A' }))
  await company.create('crm', 'Products', product('VT1', { product_category_code: 'A1' }))
  await company.create('accounting', 'Categories', itemCategory('B'))
  await company.create('accounting', 'InventoryItems', item('KT1', { inventory_item_category_code_list: 'B' }))
  expect(await company.connect()).toMatchObject({ failed: 0 })
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
    inventory_item_category_code_list: 'A1',
  })
  expect(await company.find('accounting', 'Categories', 'A1')).toMatchObject({ parent_code: 'A' })
  expect(await company.find('crm', 'Products', 'KT1')).toMatchObject({
    product_name: 'Vật tư KT1',
    product_category_code: 'B',
  })
})

it('PR2 PG2 added or edited in CRM: sent to ACT at once', async () => {
  const company = await openLiveCompany()
  await company.create('crm', 'ProductCategories', category('A2'))
  await company.create('crm', 'Products', product('VT2', { product_category_code: 'A2' }))
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT2')).toMatchObject({
    inventory_item_category_code_list: 'A2',
    sale_price1: 100000,
  })
  await company.update('crm', 'Products', 'VT2', { product_name: 'Tên mới' })
  await company.update('crm', 'ProductCategories', 'A2', { category_name: 'Nhóm mới' })
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT2')).toMatchObject({ inventory_item_name: 'Tên mới' })
  expect(await company.find('accounting', 'Categories', 'A2')).toMatchObject({
    inventory_item_category_name: 'Nhóm mới',
  })
})

it('PR3 PG3 a user sends them by hand', async () => {
  const company = await openLiveCompany({ deliveries: false })
  await company.create('crm', 'ProductCategories', category('A3'))
  await company.create('crm', 'Products', product('VT3'))
  await company.engine.desk('request', { entity: 'product', from: 'crm', keys: ['VT3'] })
  await company.engine.desk('request', { entity: 'product-group', from: 'crm', all: true })
  await company.deliverTo(company.runner.url)
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT3')).toBeDefined()
  expect(await company.find('accounting', 'Categories', 'A3')).toBeDefined()
})

it('PR5 PG5 added or edited in ACT: sent to CRM at once', async () => {
  const company = await openLiveCompany()
  await company.create('accounting', 'Categories', itemCategory('B5'))
  await company.create('accounting', 'InventoryItems', item('KT5', { inventory_item_category_code_list: 'B5' }))
  await company.settle()
  expect(await company.find('crm', 'Products', 'KT5')).toMatchObject({ product_category_code: 'B5', usage_unit: 'Cái' })
  await company.update('accounting', 'InventoryItems', 'KT5', { inventory_item_name: 'Tên mới', sale_price1: 99000 })
  await company.update('accounting', 'Categories', 'B5', { inventory_item_category_name: 'Nhóm mới' })
  await company.settle()
  expect(await company.find('crm', 'Products', 'KT5')).toMatchObject({ product_name: 'Tên mới', unit_price: 99000 })
  expect(await company.find('crm', 'ProductCategories', 'B5')).toMatchObject({ category_name: 'Nhóm mới' })
})

it('PR6 units match by name with their rates; cost and selling prices are never mixed up', async () => {
  const company = await openLiveCompany()
  await company.create(
    'crm',
    'Products',
    product('VT6', {
      usage_unit: 'Viên',
      unit_price: 12000.5,
      unit_cost: 7000.25,
      purchased_price: 6500,
      conversion_units: [{ usage_unit: 'Hộp', ratio: 12, operator: '*' }],
    }),
  )
  await company.settle()
  expect(await company.find('accounting', 'InventoryItems', 'VT6')).toMatchObject({
    unit_name: 'Viên',
    sale_price1: 12000.5,
    unit_price: 7000.25,
    unit_list: [{ unit_name: 'Hộp', convert_rate: 12, operator: '*' }],
  })
  expect(new Set((await company.rows('accounting', 'Units')).map((row) => row.unit_name))).toEqual(
    new Set(['Cái', 'Hộp', 'Viên']),
  )
  await company.update('accounting', 'InventoryItems', 'VT6', {
    unit_price: 7100,
    unit_list: [{ unit_name: 'Hộp', convert_rate: 10, operator: '*' }],
  })
  await company.settle()
  expect(await company.find('crm', 'Products', 'VT6')).toMatchObject({
    unit_cost: 7100,
    unit_price: 12000.5,
    purchased_price: 6500,
    conversion_units: [{ usage_unit: 'Hộp', ratio: 10, operator: '*' }],
  })
})
