import { expect, it } from 'vitest'
import { openCompany, openLiveCompany } from './company.ts'
import { category, product } from './records.ts'

const dictionaries = 'POST /apir/sync/actopen/save_dictionary'
const products = '/api/v2/Products'
const categories = '/api/v2/ProductCategories'

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
  await company.forget()
  await company.poll()
  expect(await company.writes()).toEqual({})
})

it.each(['webhooks', 'polls'])(
  'PR2 PG2 added or edited in CRM: sent to ACT at once, in one write, heard of by %s',
  async (by) => {
    const company = await openLiveCompany()
    if (by === 'polls') await company.hearByPollsOnly()
    await company.create('crm', 'ProductCategories', category('A2'))
    await company.create('crm', 'Products', product('VT2', { product_category_code: 'A2' }))
    await company.poll()
    expect(await company.find('accounting', 'InventoryItems', 'VT2')).toMatchObject({
      inventory_item_category_code_list: 'A2',
      sale_price1: 100000,
    })
    for (const [entity, key, changes] of [
      ['Products', 'VT2', { product_name: 'Tên mới' }],
      ['ProductCategories', 'A2', { category_name: 'Nhóm mới' }],
    ] as const) {
      await company.forget()
      await company.update('crm', entity, key, changes)
      await company.poll()
      expect(await company.writes(), entity).toEqual({ [dictionaries]: 1 })
    }
    expect(await company.find('accounting', 'InventoryItems', 'VT2')).toMatchObject({ inventory_item_name: 'Tên mới' })
    expect(await company.find('accounting', 'Categories', 'A2')).toMatchObject({
      inventory_item_category_name: 'Nhóm mới',
    })
  },
)

it('PR3 PG3 a user sends them by hand, and no others', async () => {
  const company = await openLiveCompany({ deliveries: false })
  for (const code of ['A3', 'A4']) await company.create('crm', 'ProductCategories', category(code))
  for (const code of ['VT3', 'VT4']) await company.create('crm', 'Products', product(code))
  await company.deliverTo(company.runner.url)
  await company.settle()
  expect(await company.writes()).toEqual({})
  await company.engine.desk('request', { entity: 'product', from: 'crm', keys: ['VT3'] })
  await company.settle()
  expect((await company.rows('accounting', 'InventoryItems')).map((row) => row.inventory_item_code)).toEqual(['VT3'])
  expect(await company.rows('accounting', 'Categories')).toEqual([])
  await company.engine.desk('request', { entity: 'product-group', from: 'crm', keys: ['A3'] })
  await company.settle()
  expect((await company.rows('accounting', 'Categories')).map((row) => row.inventory_item_category_code)).toEqual([
    'A3',
  ])
  expect(await company.writes()).toEqual({ [dictionaries]: 2 })
  await company.engine.desk('request', { entity: 'product-group', from: 'crm', all: true })
  await company.engine.desk('request', { entity: 'product', from: 'crm', all: true })
  await company.settle()
  expect(await company.rows('accounting', 'InventoryItems')).toHaveLength(2)
  expect(await company.rows('accounting', 'Categories')).toHaveLength(2)
})

it.each(['hints', 'polls'])(
  'PR5 PG5 added or edited in ACT: sent to CRM at once, in one write, heard of by %s',
  async (by) => {
    const company = await openLiveCompany()
    if (by === 'polls') await company.hearByPollsOnly()
    await company.create('accounting', 'Categories', itemCategory('B5'))
    await company.create('accounting', 'InventoryItems', item('KT5', { inventory_item_category_code_list: 'B5' }))
    await company.poll()
    expect(await company.writesInOrder()).toEqual([`POST ${categories}`, `POST ${products}`])
    expect(await company.find('crm', 'Products', 'KT5')).toMatchObject({
      product_category_code: 'B5',
      usage_unit: 'Cái',
    })
    await company.forget()
    await company.update('accounting', 'InventoryItems', 'KT5', { inventory_item_name: 'Tên mới', sale_price1: 99000 })
    await company.poll()
    expect(await company.writes()).toEqual({ [`PUT ${products}`]: 1 })
    await company.forget()
    await company.update('accounting', 'Categories', 'B5', { inventory_item_category_name: 'Nhóm mới' })
    await company.poll()
    expect(await company.writes()).toEqual({ [`PUT ${categories}`]: 1 })
    expect(await company.find('crm', 'Products', 'KT5')).toMatchObject({ product_name: 'Tên mới', unit_price: 99000 })
    expect(await company.find('crm', 'ProductCategories', 'B5')).toMatchObject({ category_name: 'Nhóm mới' })
  },
)

it('PR6 a unit is the same whatever its letters; each price changes its own twin only', async () => {
  const company = await openLiveCompany()
  const prices = {
    unit_price: 12000.5,
    unit_price1: 11000,
    unit_price2: 10000,
    unit_price_fixed: 9000,
    unit_cost: 7000.25,
  }
  await company.create('crm', 'Products', product('VT6', { usage_unit: 'cái', ...prices }))
  await company.settle()
  expect((await company.rows('accounting', 'Units')).map((unit) => unit['unit_name'])).toEqual(['Cái'])
  const twins = {
    sale_price1: 12000.5,
    sale_price2: 11000,
    sale_price3: 10000,
    fixed_sale_price: 9000,
    unit_price: 7000.25,
  }
  const inAct = async () => (await company.find('accounting', 'InventoryItems', 'VT6'))!
  expect(await inAct()).toMatchObject(twins)
  for (const [ours, theirs] of [
    ['unit_price', 'sale_price1'],
    ['unit_price1', 'sale_price2'],
    ['unit_price2', 'sale_price3'],
    ['unit_price_fixed', 'fixed_sale_price'],
    ['unit_cost', 'unit_price'],
  ] as const) {
    const before = await inAct()
    await company.forget()
    await company.update('crm', 'Products', 'VT6', { [ours]: 500.25 })
    await company.settle()
    const after = await inAct()
    const changed = Object.keys(after).filter((name) => name !== 'modified_date' && after[name] !== before[name])
    expect(
      changed.filter((name) => name in twins),
      ours,
    ).toEqual([theirs])
    expect(after[theirs]).toBe(500.25)
    expect(await company.writes(), ours).toEqual({ [dictionaries]: 1 })
  }
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
