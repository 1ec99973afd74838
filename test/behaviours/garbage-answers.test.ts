import { expect, it } from 'vitest'
import { type Company, openCompany } from './company.ts'
import { customer, product } from './records.ts'
import { type Fault, finish, goWrong, openTradingCompany, until } from './trouble.ts'

const crmReads = { system: 'crm', route: 'GET ' } as const
const actReads = { system: 'accounting', route: 'POST /apir/sync/actopen/get_' } as const

/** Three customers and three products at both sides, since the first sync. */
async function openStocked({ webhooks = true } = {}): Promise<Company> {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  for (const n of [1, 2, 3]) {
    await company.create('crm', 'Customers', customer(`KH${n}`, { office_tel: '024 3868 1234' }))
    await company.create('crm', 'Products', product(`VT${n}`))
  }
  await company.connect()
  await finish(company)
  await company.poll()
  if (!webhooks) await company.admin('PUT', '/delivery', { crmWebhook: null })
  await company.forget()
  return company
}

/** Everything is as the first sync left it, at both sides and in the registry. */
async function expectNothingLost(company: Company): Promise<void> {
  expect(await company.writes()).toEqual({})
  const active = (rows: { inactive: boolean }[]) => rows.filter((row) => !row.inactive).length
  for (const [system, entity] of [
    ['crm', 'Customers'],
    ['crm', 'Products'],
    ['accounting', 'AccountObjects'],
    ['accounting', 'InventoryItems'],
  ] as const) {
    expect(active((await company.rows(system, entity)) as { inactive: boolean }[]), entity).toBe(3)
  }
  for (const [entity, letters] of [
    ['customer', 'KH'],
    ['product', 'VT'],
  ] as const) {
    const links = await company.store.links.findByKey(
      entity,
      'crm',
      [1, 2, 3].map((n) => `${letters}${n}`),
    )
    expect(links.map((link) => [link.linked, link.sides.crm?.gone, link.sides.accounting?.gone])).toEqual(
      [1, 2, 3].map(() => [true, undefined, undefined]),
    )
  }
}

it('D9 a short or failed listing is never read as deletion: empty or short, and claiming success', async () => {
  const faults: Fault[] = [
    { ...crmReads, kind: 'empty', times: 1_000 },
    { ...crmReads, kind: 'short', times: 1_000 },
    { ...actReads, kind: 'empty', times: 1_000 },
    { ...actReads, kind: 'short', times: 1_000 },
  ]
  await Promise.all(
    faults.map(async (fault) => {
      const company = await openStocked()
      await goWrong(company, fault)
      await company.poll()
      for (const entity of ['customer', 'product']) {
        await company.engine.desk('request', { entity, from: 'crm', all: true })
        await company.engine.desk('request', { entity, from: 'accounting', all: true })
      }
      await company.settle()
      await expectNothingLost(company)

      await goWrong(company)
      await company.poll()
      await finish(company)
      await expectNothingLost(company)
    }),
  )
})

it('D9 a short or failed listing is never read as deletion: broken off, no JSON, an error', async () => {
  await Promise.all(
    ['truncate', 'html', 'errorBody'].map(async (kind) => {
      const company = await openStocked({ webhooks: false })
      await goWrong(company, { ...crmReads, kind, times: 1_000 })
      await company.update('crm', 'Products', 'VT1', { product_name: 'Tên mới' })
      await expect(company.engine.poll()).rejects.toMatchObject({ kind: 'retriable' })
      await expectNothingLost(company)
      await goWrong(company)
      await company.poll()
      expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
        inventory_item_name: 'Tên mới',
      })
      expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save_dictionary': 1 })
    }),
  )
})

it('D9 a record that a read does not show is neither deleted nor cleared: its edit arrives once it is shown again', async () => {
  const company = await openStocked()
  await goWrong(company, { ...crmReads, kind: 'empty', times: 1_000 })
  await company.update('crm', 'Customers', 'KH1', { office_tel: '0912 345 678' })
  await until('it is seen that it is not shown', async () => {
    const [work] = await company.store.work.page({ states: ['failed'] }, { limit: 10 })
    return work?.failure?.code === 'RECORD_NOT_SEEN'
  })
  await expectNothingLost(company)
  await goWrong(company)
  await finish(company)
  expect(await company.find('accounting', 'AccountObjects', 'KH1')).toMatchObject({
    tel: '0912 345 678',
    inactive: false,
  })
  expect(await company.writes()).toEqual({ 'POST /apir/sync/actopen/save_dictionary': 1 })
})

it('D9 a document whose state is not told is not taken for deleted', async () => {
  const company = await openTradingCompany()
  await goWrong(company, {
    system: 'accounting',
    route: 'POST /apir/sync/actopen/get_voucher_state',
    kind: 'empty',
    times: 2,
  })
  await company.act('accounting', 'recordRevenue', { key: 'DH1' })
  await finish(company)
  expect(await company.find('crm', 'SaleOrders', 'DH1')).toMatchObject({ revenue_status: 'Đã ghi' })
  expect(await company.rows('accounting', 'Vouchers')).toHaveLength(1)
  expect(await company.writes()).toEqual({ 'PUT /api/v2/SaleOrders': 1 })
})
