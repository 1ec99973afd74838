import type { Failure, SystemId } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openLiveCompany } from './company.ts'
import { type Meddler, openMeddler } from './meddler.ts'
import { customer, order, product } from './records.ts'
import { finish, until } from './trouble.ts'

/** A live company whose product reaches one system through a meddler. */
async function openMeddledCompany(system: SystemId): Promise<Company & { meddler: Meddler }> {
  const company = await openLiveCompany()
  const meddler = await openMeddler(company.sandboxUrl)
  await company.restart({ connections: { [system]: { baseUrl: meddler.url } } })
  await company.settle()
  await company.forget()
  return Object.assign(company, { meddler })
}

/** Changes rows of a CRM answer by their code. */
const rowsBy =
  (column: string, changes: Record<string, AnyRow>) =>
  (_: string, answer: AnyRow): AnyRow =>
    Array.isArray(answer.data)
      ? { ...answer, data: answer.data.map((row: AnyRow) => ({ ...row, ...changes[row[column] as string] })) }
      : answer

const failures = async (company: Company) =>
  Object.fromEntries(
    (await company.store.work.page({}, { limit: 50 })).map(({ recordId, failure }) => [recordId, failure?.code]),
  )

const codes = async (company: Company) =>
  (await company.rows('accounting', 'InventoryItems')).map((row) => row.inventory_item_code as string).toSorted()

describe('rows that make no sense', () => {
  it('values that are not understood hold their record, with the column named; the others go on, and it goes when it is mended', async () => {
    const company = await openMeddledCompany('crm')
    company.meddler.meddle = rowsBy('product_code', {
      KIND: { product_properties: 'Quà tặng' },
      VAT: { tax: 'miễn thuế' },
      PRICE: { unit_price: 'một trăm' },
      UNITS: { conversion_units: [{ usage_unit: 'Hộp', ratio: 12, operator: '^' }] },
      SHAPE: { product_name: { vi: 'Hàng' } },
    })
    const bad: Record<string, string> = {}
    for (const code of ['KIND', 'VAT', 'PRICE', 'UNITS', 'SHAPE']) {
      bad[String((await company.create('crm', 'Products', product(code))).id)] = 'VALUE_NOT_UNDERSTOOD'
    }
    await company.create('crm', 'Products', product('GOOD'))
    await company.settle()
    expect(await codes(company)).toEqual(['GOOD'])
    expect(await failures(company)).toEqual(bad)
    const texts = (await company.store.work.page({}, { limit: 50 })).map(({ failure }) => failure?.vi ?? '')
    for (const column of ['product_properties', 'tax', 'unit_price', 'product_name'])
      expect(texts.join('\n')).toContain(column)

    company.meddler.meddle = (_, answer) => answer
    await company.engine.desk('request', {
      entity: 'product',
      from: 'crm',
      keys: ['KIND', 'VAT', 'PRICE', 'UNITS', 'SHAPE'],
    })
    await finish(company)
    expect(await codes(company)).toEqual(['GOOD', 'KIND', 'PRICE', 'SHAPE', 'UNITS', 'VAT'])
  })

  it('numbers as text, lenient texts and foreign columns are understood', async () => {
    const company = await openMeddledCompany('crm')
    const hostile = '{"__proto__":{"tax":"5%"},"$where":"1","a.b":{"$gt":""},"constructor":null}'
    const VT1 = { ...JSON.parse(hostile), unit_price: '1.5e5', unit_cost: '70000.50', tax: '8 %' } as AnyRow
    company.meddler.meddle = rowsBy('product_code', { VT1 })
    await company.create('crm', 'Products', product('VT1'))
    await finish(company)
    expect(await company.find('accounting', 'InventoryItems', 'VT1')).toMatchObject({
      sale_price1: 150000,
      unit_price: 70000.5,
      tax_rate: 8,
    })
  })

  it('text in NFD, odd spaces and hostile names travel as what they mean', async () => {
    const company = await openLiveCompany()
    const hostile = ['__proto__', 'constructor', '$where', 'a.b', '{"$gt":""}', '<script>', "'; DROP TABLE--"]
    for (const code of hostile) await company.create('crm', 'Products', product(code, { product_name: code }))
    const name = 'Hàng  hóa đặc biệt '
    await company.create('crm', 'Products', product('NFD', { product_name: name.normalize('NFD') }))
    await finish(company)
    expect(await codes(company)).toEqual([...hostile, 'NFD'].toSorted())
    expect((await company.find('accounting', 'InventoryItems', 'NFD'))?.inventory_item_name).toBe('Hàng hóa đặc biệt')
    for (const code of hostile) await company.update('crm', 'Products', code, { product_name: `${code} 2` })
    await finish(company)
    for (const code of hostile) {
      expect(await company.find('accounting', 'InventoryItems', code)).toMatchObject({
        inventory_item_name: `${code} 2`,
      })
    }
    expect(({} as AnyRow).tax).toBeUndefined()
  })

  it('a text of absurd length is refused with its record named; the others go on', async () => {
    const company = await openMeddledCompany('crm')
    company.meddler.meddle = rowsBy('product_code', { LONG: { product_name: 'x'.repeat(1_000_000) } })
    const { id } = await company.create('crm', 'Products', product('LONG'))
    await company.create('crm', 'Products', product('GOOD'))
    await company.settle()
    expect(await codes(company)).toEqual(['GOOD'])
    expect(await failures(company)).toEqual({ [String(id)]: expect.any(String) })
  })

  it('an order with a status nobody knows is held; its state in ACT stands', async () => {
    const company = await openMeddledCompany('crm')
    await company.create('crm', 'Customers', customer('KH1'))
    await company.create('crm', 'Products', product('VT1'))
    company.meddler.meddle = rowsBy('sale_order_no', { DH1: { revenue_status: 'Chờ xét' } })
    const { id } = await company.create(
      'crm',
      'SaleOrders',
      order('DH1', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }),
    )
    await company.create('crm', 'SaleOrders', order('DH2', 'KH1', 'VT1', { revenue_status: 'Đề nghị ghi' }))
    await company.settle()
    expect((await company.rows('accounting', 'Vouchers')).map((row) => row.org_refno)).toEqual(['DH2'])
    expect(await failures(company)).toEqual({ [String(id)]: 'VALUE_NOT_UNDERSTOOD' })
  })
})

describe('C12 a connection in trouble stops with a code and a way out, the others go on', () => {
  const trouble = async (company: Company): Promise<Partial<Record<SystemId, Failure>>> =>
    (await company.store.state())?.stopped ?? {}

  async function expectTrouble(company: Company, system: SystemId, code: string): Promise<void> {
    await until(`${system} is in trouble`, async () => (await trouble(company))[system] !== undefined)
    expect(await trouble(company)).toEqual({
      [system]: { code, kind: expect.any(String), vi: expect.any(String), en: expect.any(String) },
    })
  }

  const unit = (code: string) => ({ code, name: `Công ty ${code}`, type: 1 })
  const newUnit = (company: Company, code: string) => company.create('system', 'OrganizationUnits', unit(code))
  const newProduct = (company: Company, code: string) => company.create('crm', 'Products', product(code))
  const arrived = (company: Company, entity: string, code: string) =>
    until(`${code} is in ACT`, async () => (await company.find('accounting', entity, code)) !== undefined)

  it('a wrong secret, of each system', async () => {
    const wrong: [SystemId, AnyRow, string][] = [
      ['crm', { clientSecret: 'sai' }, 'CREDENTIALS_REFUSED'],
      ['system', { clientSecret: 'sai' }, 'CREDENTIALS_REFUSED'],
      ['accounting', { accessCode: 'sai' }, 'ACCOUNTING_ACCESS_CODE_REFUSED'],
    ]
    await Promise.all(
      wrong.map(async ([system, section, code]) => {
        const company = await openLiveCompany()
        await company.restart({ connections: { [system]: section } })
        await newUnit(company, 'CTY')
        await newProduct(company, 'VT1')
        await expectTrouble(company, system, code)
        if (system === 'crm') await arrived(company, 'OrganizationUnits', 'CTY')
        if (system === 'system') await arrived(company, 'InventoryItems', 'VT1')
        await company.restart()
        await finish(company)
        expect(await trouble(company)).toEqual({})
        await arrived(company, 'OrganizationUnits', 'CTY')
        await arrived(company, 'InventoryItems', 'VT1')
      }),
    )
  })

  it('a host that goes away and comes back: it recovers by itself', async () => {
    await Promise.all(
      (['crm', 'system'] as const).map(async (system) => {
        const company = await openMeddledCompany(system)
        await company.meddler.goAway()
        await newUnit(company, 'CTY')
        await newProduct(company, 'VT1')
        if (system === 'crm') await arrived(company, 'OrganizationUnits', 'CTY')
        if (system === 'system') await arrived(company, 'InventoryItems', 'VT1')
        await expectTrouble(company, system, 'HOST_UNREACHABLE')
        await company.meddler.comeBack()
        await arrived(company, 'OrganizationUnits', 'CTY')
        await arrived(company, 'InventoryItems', 'VT1')
        await finish(company)
        expect(await trouble(company)).toEqual({})
      }),
    )
  })
})
