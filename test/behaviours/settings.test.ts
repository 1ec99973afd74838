import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type AnyRow, openCompany } from './company.ts'
import { customer, order } from './records.ts'
import { root, patience, onFiles, configOf, actName, deaf, connected } from './settings-site.ts'

it('FW7 convertedFrom: the gate opens and closes with the file', async () => {
  const company = await openCompany()
  await company.create('system', 'OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1 })
  const site = await onFiles(company)
  await site.edit({ convertedFrom: 'sme' })
  await expect.poll(() => site.runner.tenants().get('demo')?.settings.convertedFrom, patience).toBe('sme')
  expect(await company.connect()).toMatchObject({ state: 'refused', missing: [{ code: 'CTY' }] })
  await site.edit({ convertedFrom: 'none' })
  await expect.poll(() => site.runner.tenants().get('demo')?.settings.convertedFrom, patience).toBe('none')
  expect(await company.connect()).toMatchObject({ state: 'connected' })
})

describe('FW7 connections', () => {
  it('FW7 each field is taken over by connections that are opened anew, and work goes on', async () => {
    const fields: [string, AnyRow][] = [
      ['crm', { batchSize: 7 }],
      ['crm', { requestsPerMinute: 5_000 }],
      ['crm', { concurrency: 2 }],
      ['crm', { timeoutMs: 12_000 }],
      ['crm', { dateFormat: 'dd/MM/yyyy' }],
      ['crm', { overlapSeconds: 5 }],
      ['accounting', { batchSize: 9 }],
      ['accounting', { requestsPerMinute: 5_000 }],
      ['accounting', { outcomeTimeoutMs: 5_000 }],
      ['accounting', { timeoutMs: 12_000 }],
      ['accounting', { debtSign: 'negative' }],
      ['system', { requestsPerMinute: 5_000 }],
      ['system', { concurrency: 2 }],
      ['system', { timeoutMs: 12_000 }],
    ]
    const { company, site } = await connected()
    for (const [system, change] of fields) {
      const before = site.runner.engineOf('demo')
      const name = `Sau khi sửa ${system} ${JSON.stringify(change)}`
      await site.edit({ connections: { [system]: change } })
      await expect.poll(() => configOf(site, system), patience).toMatchObject(change)
      const reopened = () => ![before, undefined].includes(site.runner.engineOf('demo'))
      await expect.poll(reopened, patience).toBe(true)
      await company.update('crm', 'Products', 'VT1', { product_name: name })
      await expect.poll(() => actName(company, 'VT1'), patience).toBe(name)
    }
  }, 60_000)

  it('FW7 crm.batchSize decides how many rows a call carries', async () => {
    const { company, site } = await connected()
    await site.edit({ connections: { crm: { batchSize: 1 } } })
    await expect.poll(() => configOf(site, 'crm')?.batchSize, patience).toBe(1)
    await company.settle()
    await company.forget()
    for (const code of ['A', 'B', 'C']) {
      await company.create('accounting', 'InventoryItems', {
        inventory_item_code: code,
        inventory_item_name: code,
        unit_name: 'Cái',
      })
    }
    await company.settle()
    expect((await company.writes())['POST /api/v2/Products']).toBe(3)
  })

  it('FW7 a wrong secret stops the connection with its reason; the right one mends it', async () => {
    const { company, site } = await connected()
    const stopped = async () => (await company.store.state())?.stopped?.['crm']?.code
    await site.edit({ connections: { crm: { clientSecret: 'secret:wrong' } } })
    await expect.poll(stopped, patience).toMatch(/CREDENTIAL|SECRET|AUTH|REFUSED/)
    await company.update('crm', 'Products', 'VT1', { product_name: 'Khi sai mật khẩu' })
    await site.edit({ connections: { crm: { clientSecret: 'secret:crm' } } })
    await expect.poll(() => actName(company, 'VT1'), patience).toBe('Khi sai mật khẩu')
    expect(await stopped()).toBeUndefined()
  })

  it('FW7 webhookSecret: deliveries with the old one are not believed any more', async () => {
    const { company, site } = await connected()
    await site.edit({ connections: { crm: { webhookSecret: 'secret:other-hook' } } })
    await expect
      .poll(() => configOf(site, 'crm')?.webhookSecret, patience)
      .toContain(Buffer.from('another').toString('base64').slice(0, 8))
    await company.update('crm', 'Products', 'VT1', { product_name: 'Chữ ký cũ' })
    const lastStatus = async () =>
      ((await company.admin('GET', '/deliveries')).rows as AnyRow[]).findLast((row) => row.system === 'crm')?.lastStatus
    await expect.poll(lastStatus, patience).toBe(401)
  })
})

it('FW7 salesOrders.recordAs and deliveredFrom: orders that are sent from now on, and the figure that comes back', async () => {
  const { company, site } = await connected({ salesOrders: { recordAs: 'order', deliveredFrom: 'sales' } })
  const send = async (number: string) => {
    await company.create('crm', 'SaleOrders', order(number, 'KH1', 'VT1'))
    await company.act('crm', 'requestRevenue', { key: number })
    await expect.poll(() => company.find('accounting', 'Vouchers', number), patience).toBeDefined()
    return (await company.find('accounting', 'Vouchers', number))!.voucher_type as number
  }
  expect(await send('DH1')).toBe(20)
  await site.edit({ salesOrders: { recordAs: 'contract', deliveredFrom: 'stock' } })
  const plugin = () => site.runner.tenants().get('demo')?.settings.plugins['sales-order']
  await expect.poll(plugin, patience).toMatchObject({ recordAs: 'contract', deliveredFrom: 'stock' })
  expect(await send('DH2')).toBe(120)
  await company.settle()
  await company.act('accounting', 'deliver', { key: 'DH2', via: 'stock', lines: [{ sort_order: 1, quantity: 1 }] })
  const delivered = async () => (await company.find('crm', 'SaleOrders', 'DH2'))?.shipping_amount_summary
  await expect.poll(delivered, patience).toBe(1)
  expect((await company.find('accounting', 'Vouchers', 'DH1'))?.voucher_type).toBe(20)
})

it('FW5 schedule.poll: a shorter interval, and a cron, find what no delivery told', async () => {
  const { company, site } = await connected()
  await company.settle()
  await deaf(company)
  await company.update('crm', 'Products', 'VT1', { product_name: 'Chưa ai thấy' })
  await company.settle()
  expect(await actName(company, 'VT1')).toBe('Hàng VT1')
  await site.edit({ schedule: { poll: '200ms' } })
  await expect.poll(() => actName(company, 'VT1'), patience).toBe('Chưa ai thấy')
  await site.edit({ schedule: { poll: '* * * * * *' } })
  await expect.poll(() => site.runner.tenants().get('demo')?.pollCron, patience).toBe('* * * * * *')
  await company.update('crm', 'Products', 'VT1', { product_name: 'Theo cron' })
  await expect.poll(() => actName(company, 'VT1'), patience).toBe('Theo cron')
})

it('FW5 the API and the command line ask the runner that holds the tenant; what was not asked for stays', async () => {
  const { company, site } = await connected()
  for (const code of ['KH7', 'KH8', 'KH9']) await company.create('crm', 'Customers', customer(code))
  await company.settle()
  const sent = async () =>
    (await company.rows('accounting', 'AccountObjects')).map((row) => String(row.account_object_code))
  expect(await sent()).toEqual(['KH1'])
  const asked = await site.runner.ask('demo', 'sync', { entity: 'customer', from: 'crm', keys: ['KH7'] })
  expect(asked.sync).toMatchObject({ requested: 1, unknown: [] })
  await expect.poll(sent, patience).toEqual(['KH1', 'KH7'])
  const node = join(root, 'node_modules/.bin/node')
  const main = join(root, 'apps/runner/src/main.ts')
  const variables = { AMIS_SYNC_CONFIG: site.folder, MONGODB_URI: company.mongoUri, AMIS_SYNC_PORT: '0', NO_COLOR: '1' }
  const line = ['--conditions=@amis-sync/source', main, 'sync', 'demo', 'customer', '--key', 'KH8', '--output', 'json']
  const { stdout } = await promisify(execFile)(node, line, { cwd: root, env: { ...process.env, ...variables } })
  expect(JSON.parse(stdout)).toMatchObject({ requested: 1, unknown: [] })
  await expect.poll(sent, patience).toEqual(['KH1', 'KH7', 'KH8'])
}, 60_000)

it('FW5 schedule.audit and auditShare are taken over', async () => {
  const { site } = await connected()
  await site.edit({ schedule: { audit: '15 2 * * *', auditShare: 35 } })
  await expect.poll(() => site.runner.tenants().get('demo')?.audit, patience).toBe('15 2 * * *')
  expect(site.runner.tenants().get('demo')?.settings.auditShare).toBe(0.35)
  await site.edit({ schedule: { auditShare: 0 } })
  await expect.poll(() => site.said.some((line) => line.includes('schedule.auditShare')), patience).toBe(true)
  expect(site.runner.tenants().get('demo')?.settings.auditShare).toBe(0.35)
})
