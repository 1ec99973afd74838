import { expect, it } from 'vitest'
import { openCompany } from './company.ts'
import { category, customer, product } from './records.ts'
import { act, item, by, standardise, suggested, codes, code } from './standardised.ts'

it('CU6 a company that used Accounting first: match, review, link or create; nothing is written before a person says so', async () => {
  const company = await openCompany()
  await company.create(
    'crm',
    'Customers',
    customer('KH1', { account_name: 'Công ty TNHH Hòa Bình', tax_code: '0100000001' }),
  )
  await company.create(
    'crm',
    'Customers',
    customer('KH2', { account_name: 'Công ty TNHH An Phát', office_tel: '0912000002' }),
  )
  await company.create('crm', 'Customers', customer('KH3', { account_name: 'Công ty Cổ phần Minh Long' }))
  await company.create('accounting', 'AccountObjectGroups', {
    account_object_group_code: 'N1',
    account_object_group_name: 'Nhóm 1',
  })
  for (const row of [
    act('KT1', { account_object_name: 'Cty TNHH Hòa Bình', company_tax_code: '0100 000 001' }),
    act('KT2', { account_object_name: 'CTY TNHH AN PHAT', tel: '+84912000002' }),
    act('KT3', { account_object_name: 'CTCP Minh Long' }),
    act('KT4', { account_object_name: 'Chi nhánh Công ty TNHH An Phát', account_object_group_code_list: 'N1' }),
    act('CN5', { account_object_name: 'Trần Thị Bưởi', account_object_type: 1 }),
    act('NCC', { is_customer: false, is_vendor: true }),
  ])
    await company.create('accounting', 'AccountObjects', row)
  await company.forget()
  expect(await standardise(company)).toMatchObject({
    unlinked: { crm: 3, accounting: 5 },
    alone: { crm: 0, accounting: 2 },
    bands: { link: 2, ask: 1, duplicate: 0 },
  })
  expect(codes(await suggested(company, 'customer', 'link'))).toEqual([
    ['KH1', 'KT1'],
    ['KH2', 'KT2'],
  ])
  expect(await company.writes()).toEqual({})
  const accepted = await company.engine.desk('standardise.accept', {
    entity: 'customer',
    by,
    band: 'link',
    prefer: 'crm',
  })
  expect(accepted.counts).toEqual({ linked: 2 })
  const [question] = await suggested(company, 'customer', 'ask')
  expect(question!.evidence.map(({ text }) => text.vi)).toEqual([
    'Trùng tên: Công ty Cổ phần Minh Long / CTCP Minh Long',
  ])
  await company.engine.desk('standardise.accept', {
    entity: 'customer',
    by,
    ids: [question!.id],
    choices: { name: 'accounting' },
  })
  expect(await company.engine.desk('standardise.create', { entity: 'customer', from: 'accounting' })).toMatchObject({
    requested: 2,
    created: 2,
    leftAlone: 0,
  })
  await company.settle()
  // Codes are Accounting's where nobody chose; names as chosen. The group went along, the individual is a Contact (CU8).
  expect((await company.rows('crm', 'Customers')).map((row) => [row.account_number, row.account_name])).toEqual([
    ['KH1', 'Công ty TNHH Hòa Bình'],
    ['KH2', 'Công ty TNHH An Phát'],
    ['KT3', 'CTCP Minh Long'],
    ['KT4', 'Chi nhánh Công ty TNHH An Phát'],
  ])
  expect((await company.rows('crm', 'Contacts')).map((row) => row.contact_code)).toEqual(['CN5'])
  expect((await company.rows('crm', 'CustomerGroups')).map((row) => row.group_code)).toEqual(['N1'])
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(6)
  // Once more: nothing is left to find, and nothing is written.
  await company.forget()
  expect(await standardise(company)).toMatchObject({ unlinked: { crm: 0, accounting: 0 }, bands: { link: 0, ask: 0 } })
  expect(await company.writes()).toEqual({})
})

it('CU6 a record that changed since it was suggested is looked at again, and a rejected pair is never suggested again', async () => {
  const company = await openCompany()
  for (const [code, phone] of [
    ['KH1', '0912000001'],
    ['KH2', '0912000002'],
  ])
    await company.create(
      'crm',
      'Customers',
      customer(code!, { account_name: `Công ty Sao ${code}`, office_tel: phone }),
    )
  await company.create(
    'accounting',
    'AccountObjects',
    act('KT1', { account_object_name: 'Công ty Sao KH1', tel: '0912000001' }),
  )
  await company.create(
    'accounting',
    'AccountObjects',
    act('KT2', { account_object_name: 'Công ty Sao KH2', tel: '0912000002' }),
  )
  await standardise(company)
  expect(codes(await suggested(company, 'customer', 'link'))).toHaveLength(2)
  await company.update('accounting', 'AccountObjects', 'KT1', { account_object_name: 'Công ty Trăng' })
  await standardise(company)
  const [pair] = await suggested(company, 'customer', 'link')
  await company.update('accounting', 'AccountObjects', 'KT2', { account_object_name: 'Công ty Trăng Vàng' })
  await company.forget()
  expect(await company.engine.desk('standardise.accept', { entity: 'customer', by, ids: [pair!.id] })).toMatchObject({
    counts: { gone: 1 },
  })
  expect(await company.writes()).toEqual({})
  const ask = { entity: 'customer', a: code('crm', 'KH1'), b: code('accounting', 'KT1') }
  await company.update('accounting', 'AccountObjects', 'KT1', { account_object_name: 'Công ty Sao KH1' })
  expect(await company.engine.desk('records.reject', { by, pairs: [ask] })).toMatchObject([{ state: 'rejected' }])
  await standardise(company)
  expect(codes(await suggested(company, 'customer', 'link'))).toEqual([])
  expect(await company.engine.desk('records.link', { by, pairs: [ask] })).toMatchObject([{ state: 'refused' }])
  expect(await company.engine.desk('records.undo', { by, pairs: [ask] })).toMatchObject([{ state: 'reopened' }])
  await standardise(company)
  expect(codes(await suggested(company, 'customer', 'link'))).toEqual([['KH1', 'KT1']])
})

it('CU6 the first sync links by tax code what nothing speaks against; what may be the same thing waits until a person has looked', async () => {
  const company = await openCompany()
  await company.create(
    'crm',
    'Customers',
    customer('KH1', { account_name: 'Công ty Hòa Bình', tax_code: '0100000001' }),
  )
  await company.create('crm', 'Customers', customer('KH2', { account_name: 'Công ty Minh Long' }))
  await company.create(
    'accounting',
    'AccountObjects',
    act('KT1', { account_object_name: 'Cong ty Hoa Binh', company_tax_code: '0100000001' }),
  )
  await company.create('accounting', 'AccountObjects', act('KT2', { account_object_name: 'Công ty Minh Long' }))
  await standardise(company)
  await company.connect()
  await company.settle()
  expect((await company.store.links.counts('customer')).linked).toBe(1)
  expect((await company.rows('crm', 'Customers')).map((row) => row.account_number)).toEqual(['KH1', 'KH2'])
  // Linked by the machine alone: whose code and name hold is for a person to say (shared fields ask).
  const [open] = await company.store.work.page({ entity: 'customer', states: ['conflict'] }, { limit: 10 })
  expect(open!.conflict!.map(({ field }) => field)).toEqual(['code', 'name'])
  expect(await company.rows('accounting', 'AccountObjects')).toHaveLength(2)
  const [held] = await company.store.links.findByKey('customer', 'accounting', ['KT2'])
  expect(held!.trail.at(-1)).toMatchObject({ what: 'hold', why: 'LOOKS_LIKE' })
  const pair = { entity: 'customer', a: code('crm', 'KH2'), b: code('accounting', 'KT2') }
  await company.engine.desk('records.reject', { by, pairs: [pair] })
  await company.settle()
  expect(await company.find('crm', 'Customers', 'KT2')).toMatchObject({ account_name: 'Công ty Minh Long' })
  expect((await company.store.links.counts('customer')).linked).toBe(2)
})

it('PR4 PG4 products and groups of Accounting: linked by code, asked about by name, created with their groups', async () => {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  for (const [code, name] of [
    ['NH1', 'Điện'],
    ['NH2', 'Nước'],
  ])
    await company.create('accounting', 'Categories', {
      inventory_item_category_code: code,
      inventory_item_category_name: name,
    })
  await company.create('crm', 'ProductCategories', category('NH1', { category_name: 'Điện' }))
  await company.create(
    'crm',
    'Products',
    product('VT1', { product_name: 'Ống thép D10', product_category_code: 'NH1' }),
  )
  await company.create('crm', 'Products', product('VT2', { product_name: 'Ống thép D12' }))
  await company.create(
    'accounting',
    'InventoryItems',
    item('vt1', { inventory_item_name: 'Ống thép D10', inventory_item_category_code_list: 'NH1' }),
  )
  await company.create('accounting', 'InventoryItems', item('HH2', { inventory_item_name: 'ống thép d12' }))
  await company.create(
    'accounting',
    'InventoryItems',
    item('HH3', { inventory_item_name: 'Ống thép D14', inventory_item_category_code_list: 'NH2' }),
  )
  expect(await standardise(company, 'product-group')).toMatchObject({ bands: { link: 1, ask: 0 } })
  await company.engine.desk('standardise.accept', { entity: 'product-group', by, band: 'link' })
  expect(await standardise(company, 'product')).toMatchObject({
    bands: { link: 1, ask: 1 },
    alone: { crm: 0, accounting: 1 },
  })
  const done = await company.engine.desk('standardise.accept', {
    entity: 'product',
    by,
    band: 'link',
    prefer: 'accounting',
  })
  expect(done.outcomes).toMatchObject([{ a: 'VT1', b: 'vt1', state: 'linked' }])
  expect(await company.engine.desk('standardise.create', { entity: 'product', from: 'accounting' })).toMatchObject({
    requested: 1,
    created: 1,
    leftAlone: 1,
  })
  await company.settle()
  expect((await company.rows('crm', 'Products')).map((row) => row.product_code)).toEqual(['VT1', 'VT2', 'HH3'])
  expect((await company.rows('crm', 'ProductCategories')).map((row) => row.category_code)).toEqual(['NH1', 'NH2'])
  expect(await company.rows('accounting', 'InventoryItems')).toHaveLength(3)
})
