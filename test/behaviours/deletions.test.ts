import { describe, expect, it } from 'vitest'
import { type Company, openLiveCompany } from './company.ts'
import { product } from './records.ts'

const item = (code: string, more = {}) => ({
  inventory_item_code: code,
  inventory_item_name: `Hàng ${code}`,
  unit_name: 'Cái',
  ...more,
})

const crmProduct = (company: Company, code: string) => company.find('crm', 'Products', code)
const actItem = (company: Company, code: string) => company.find('accounting', 'InventoryItems', code)

/** A live company that only polls, with the product VT1 on both sides. */
async function withProduct(): Promise<Company> {
  const company = await openLiveCompany()
  await company.create('crm', 'Products', product('VT1'))
  await company.settle()
  await company.admin('PUT', '/capabilities', { crm: { webhooks: false }, accounting: { hints: false } })
  await company.forget()
  return company
}

const conflicts = async (company: Company) =>
  (await company.store.work.page({ states: ['conflict'] }, { limit: 10 })).map(({ failure }) => failure?.code)

describe('D9 a code that is used again', () => {
  it('deleted and entered anew between two polls: linked with the twin again, which is in use again', async () => {
    const company = await withProduct()
    await company.act('crm', 'delete', { entity: 'Products', key: 'VT1' })
    await company.create('crm', 'Products', product('VT1', { unit_price: 150000 }))
    await company.poll()
    expect(await actItem(company, 'VT1')).toMatchObject({ inactive: false, sale_price1: 150000 })
    expect(await conflicts(company)).toEqual([])
    expect((await company.store.links.counts('product')).linked).toBe(1)
    const { items } = await company.admin('GET', '/state?system=accounting&entity=InventoryItems&key=VT1')
    expect(items).toHaveLength(1)
    await company.forget()
    await company.poll()
    expect(await company.writes()).toEqual({})
  })

  it('entered anew after the twin was marked inactive: the same, and later edits travel', async () => {
    const company = await withProduct()
    await company.act('crm', 'delete', { entity: 'Products', key: 'VT1' })
    await company.poll()
    expect(await actItem(company, 'VT1')).toMatchObject({ inactive: true })
    await company.create('crm', 'Products', product('VT1'))
    await company.poll()
    expect(await actItem(company, 'VT1')).toMatchObject({ inactive: false })
    await company.update('crm', 'Products', 'VT1', { unit_price: 90000 })
    await company.poll()
    expect(await actItem(company, 'VT1')).toMatchObject({ sale_price1: 90000 })
  })

  it('deleted and entered anew in ACT: the CRM product is in use again', async () => {
    const company = await withProduct()
    await company.act('accounting', 'delete', { entity: 'InventoryItems', key: 'VT1' })
    await company.poll()
    expect(await crmProduct(company, 'VT1')).toMatchObject({ inactive: true })
    await company.create('accounting', 'InventoryItems', item('VT1'))
    await company.poll()
    expect(await crmProduct(company, 'VT1')).toMatchObject({ inactive: false })
    expect(await conflicts(company)).toEqual([])
  })

  it('another thing under the old code is left to a person: nothing is renamed', async () => {
    const company = await withProduct()
    await company.act('crm', 'delete', { entity: 'Products', key: 'VT1' })
    await company.poll()
    await company.forget()
    await company.create('crm', 'Products', product('VT1', { product_name: 'Máy khoan' }))
    await company.poll()
    expect(await actItem(company, 'VT1')).toMatchObject({ inventory_item_name: 'Hàng VT1', inactive: true })
    expect(await conflicts(company)).toEqual(['AMBIGUOUS'])
    expect(await company.writes()).toEqual({})
  })

  it('a record restored with the same id while its deletion is still told is not taken for deleted', async () => {
    const company = await withProduct()
    const before = (await actItem(company, 'VT1'))!
    await company.act('accounting', 'delete', { entity: 'InventoryItems', key: 'VT1' })
    const { inventory_item_id } = before
    await company.create(
      'accounting',
      'InventoryItems',
      item('VT1', { inventory_item_id, sale_price1: 100000, tax_rate: 8 }),
    )
    for (let poll = 0; poll < 3; poll += 1) await company.poll()
    expect(await crmProduct(company, 'VT1')).toMatchObject({ inactive: false })
    await company.update('accounting', 'InventoryItems', 'VT1', { description: 'Vẫn còn' })
    await company.poll()
    expect(await crmProduct(company, 'VT1')).toMatchObject({ inactive: false, sale_description: 'Vẫn còn' })
  })
})
