import { type WhyCode, explainRecord } from '@amis-sync/engine'
import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, openCompany, openLiveCompany } from './company.ts'
import { customer, group, order, product } from './records.ts'
import { goWrong, openTradingCompany, until } from './trouble.ts'

const names = {
  crm: { vi: 'AMIS CRM', en: 'AMIS CRM' },
  accounting: { vi: 'AMIS Kế toán', en: 'AMIS Accounting' },
}

async function why(company: Company, entity: string, key: string, ask = false) {
  const { settings } = company.runner.tenants().get('demo')!
  const looked = ask ? { looked: await company.engine.desk('why.lookup', { entity, key }) } : {}
  const asked = { entity, key, settings, names, ...looked }
  return (await explainRecord(company.store, company.runner.loaded.plugins, asked))!
}

async function expectWhy(company: Company, entity: string, key: string, code: WhyCode, main: RegExp, next: RegExp) {
  const found = await why(company, entity, key)
  expect([entity, key, found.code]).toEqual([entity, key, code])
  expect(found.main.vi).toMatch(main)
  expect(found.next.vi).toMatch(next)
  expect(found.main.en.length * found.next.en.length).toBeGreaterThan(0)
}

const actCustomer = (code: string, more: AnyRow = {}): AnyRow => ({
  account_object_code: code,
  account_object_name: `Công ty ${code}`,
  is_customer: true,
  ...more,
})

describe('why a record moved or did not', () => {
  it('CU2 CU3 a customer that has not bought anything; then one that went along, with its story', async () => {
    const company = await openLiveCompany()
    await company.create('crm', 'Customers', customer('KH1'))
    await company.settle()
    await expectWhy(
      company,
      'customer',
      'kh1',
      'NOT_NEEDED_YET',
      /chưa mua gì/,
      /sync demo customer --key kh1 --from crm/,
    )
    await company.create('crm', 'Products', product('VT1'))
    await company.create('crm', 'SaleOrders', order('DH1', 'KH1', 'VT1'))
    await company.settle()
    await expectWhy(company, 'sales-order', 'DH1', 'NOT_REQUESTED', /bản nháp/, /Đề nghị ghi doanh số/)
    await company.act('crm', 'requestRevenue', { key: 'DH1' })
    await company.settle()
    await expectWhy(company, 'sales-order', 'DH1', 'SYNCED', /Đã đồng bộ lúc .* \(tạo ở AMIS Kế toán\)/, /tự được gửi/)
    const { code, story, link } = await why(company, 'customer', 'KH1')
    expect([code, link?.linked]).toEqual(['SYNCED', true])
    expect(story.map(({ why: reason }) => reason)).toEqual(expect.arrayContaining(['NOT_NEEDED_YET', 'PULLED']))
  })

  it('CG2 SO2 a group that nobody sent, a parent order, what was deleted', async () => {
    const company = await openLiveCompany()
    await company.create('crm', 'CustomerGroups', group('N1'))
    await company.create('crm', 'Customers', customer('KH1'))
    await company.create('crm', 'Products', product('VT1'))
    await company.create('crm', 'SaleOrders', order('DHM', 'KH1', 'VT1', { is_parent_sale_order: true }))
    await company.create('crm', 'Customers', customer('KH2'))
    await company.settle()
    await company.act('crm', 'delete', { entity: 'Customers', key: 'KH2' })
    await company.settle()
    await expectWhy(company, 'customer-group', 'N1', 'NOT_NEEDED_YET', /Chưa gửi vì/, /Gửi bằng tay/)
    await expectWhy(company, 'sales-order', 'DHM', 'HELD', /Đơn hàng cha/, /tự gửi/)
    await expectWhy(company, 'customer', 'KH2', 'GONE', /đã bị xóa ở AMIS CRM/, /Không cần làm gì/)
  })

  it('SO2 an order that waits, with the chain down to what is refused; the refused one with what to do', async () => {
    const company = await openLiveCompany()
    await company.create('accounting', 'AccountObjects', {
      account_object_code: 'NV-TRUNG',
      account_object_name: 'Nhân viên',
      is_employee: true,
    })
    await company.create('crm', 'Customers', customer('NV-TRUNG'))
    await company.create('crm', 'Products', product('VT1'))
    await company.create('crm', 'SaleOrders', order('DH-LOI', 'NV-TRUNG', 'VT1'))
    await company.act('crm', 'requestRevenue', { key: 'DH-LOI' })
    await company.settle()
    await expectWhy(company, 'sales-order', 'DH-LOI', 'WAITING', /đang chờ: Khách hàng NV-TRUNG/, /Sửa NV-TRUNG/)
    await expectWhy(
      company,
      'customer',
      'NV-TRUNG',
      'REJECTED',
      /Chưa gửi được sang AMIS Kế toán/,
      /Sửa bản ghi ở AMIS CRM/,
    )
  })

  it('D5 D6 two records of one code, and a record that both sides changed', async () => {
    const company = await openCompany()
    await company.create('crm', 'Customers', customer('KH1', { office_tel: '0912000001' }))
    await company.connect()
    await company.settle()
    await company.admin('PUT', '/capabilities', { accounting: { hints: false } })
    await company.admin('PUT', '/delivery', { crmWebhook: null })
    await company.create('crm', 'Customers', customer('KH2', { account_name: 'Ở CRM' }))
    await company.poll()
    await company.create('accounting', 'AccountObjects', actCustomer('KH2', { account_object_name: 'Ở kế toán' }))
    await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
    await company.update('accounting', 'AccountObjects', 'KH1', { tel: '0912000003' })
    await company.poll()
    await expectWhy(company, 'customer', 'KH1', 'CONFLICT', /hai bên cùng sửa: Điện thoại/, /conflicts show demo KH1/)
    await expectWhy(company, 'customer', 'KH2', 'SAME_KEY', /trùng mã/, /resolve demo KH2 --same/)
  })

  it('C11 a paused company: what is new is queued; resumed, it goes', async () => {
    const company = await openLiveCompany()
    await company.engine.pause()
    await company.create('crm', 'Products', product('VT1'))
    await until('the hint is there', async () => (await company.store.work.counts()).length > 0)
    await expectWhy(company, 'product', 'VT1', 'UNKNOWN', /Chưa từng thấy/, /Kiểm tra mã/)
    expect((await why(company, 'product', 'VT1', true)).code).toBe('PAUSED')
    await company.engine.resume()
    await company.settle()
    await company.engine.pause()
    await company.update('crm', 'Products', 'VT1', { product_name: 'Mới' })
    await until('the hint is there', async () => (await company.store.work.counts()).length > 0)
    await expectWhy(company, 'product', 'VT1', 'PAUSED', /đang tạm dừng/, /resume demo/)
  })

  it('CU4 an edit that failed and is tried again says when', async () => {
    const company = await openTradingCompany()
    await goWrong(company, {
      system: 'accounting',
      route: 'POST /apir/sync/actopen/save_dictionary',
      kind: 'partialBatch',
      times: 1,
      params: { fraction: 1 },
    })
    await company.update('crm', 'Customers', 'KH1', { office_tel: '024 3868 1234' })
    await until('it failed once', async () =>
      (await company.store.work.counts()).some(({ state, entity }) => entity === 'customer' && state === 'failed'),
    )
    await expectWhy(
      company,
      'customer',
      'KH1',
      'RETRYING',
      /Chưa gửi được sang AMIS Kế toán \(lần 1\)/,
      /Tự thử lại lúc/,
    )
  })

  it('C3 C5 a company that is not connected, an entity that was not chosen', async () => {
    const company = await openCompany({ tenant: { entities: { product: { enabled: false } } } })
    await expectWhy(company, 'customer', 'KH1', 'NOT_CONNECTED', /chưa kết nối/, /amis-sync connect demo/)
    await expectWhy(company, 'product', 'VT1', 'ENTITY_DISABLED', /không được chọn/, /tệp cấu hình/)
  })

  it('CU7 what the registry does not know is looked up at its side: suppliers, contact persons, not heard of yet, nowhere', async () => {
    const company = await openLiveCompany({ deliveries: false })
    await company.create('accounting', 'AccountObjects', actCustomer('NCC', { is_customer: false, is_vendor: true }))
    await company.create('accounting', 'AccountObjects', actCustomer('KT1'))
    await company.create('crm', 'Customers', customer('KH1'))
    await company.create('crm', 'Contacts', { contact_code: 'LH1', contact_name: 'Lê An', account_number: 'KH1' })
    const found = async (key: string) => {
      const { code, main } = await why(company, 'customer', key, true)
      return [code, main.vi]
    }
    expect(await found('NCC')).toEqual(['NOT_OURS', expect.stringContaining('không được đánh dấu là khách hàng')])
    expect(await found('LH1')).toEqual(['NOT_OURS', expect.stringContaining('người liên hệ của một công ty')])
    expect(await found('KT1')).toEqual(['NOT_SEEN_YET', expect.stringContaining('sẽ được gửi sang bên kia')])
    expect(await found('KH1')).toEqual(['NOT_SEEN_YET', expect.stringContaining('chưa mua gì')])
    expect(await found('KHÔNG-CÓ')).toEqual(['NOT_THERE', expect.stringContaining('AMIS CRM, AMIS Kế toán')])
    expect(await company.writes()).toEqual({})
    expect(await company.store.links.findByKey('customer', 'crm', ['KH1'])).toEqual([])
  })
})
