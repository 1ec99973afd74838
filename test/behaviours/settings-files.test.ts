import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRunner } from '@amis-sync/runner'
import { describe, expect, it } from 'vitest'
import { onClose, openCompany } from './company.ts'
import { product } from './records.ts'
import { root, patience, listener, onFiles, actName, connected } from './settings-site.ts'

describe('C5 entities', () => {
  it('C5 enabled: false stops it at once, true goes on from where it stood: nothing lost', async () => {
    const { company, site } = await connected()
    const on = () => site.runner.tenants().get('demo')?.settings.enabled.has('product')
    const before = site.runner.engineOf('demo')
    await site.edit({ entities: { product: { enabled: false } } })
    await expect.poll(on, patience).toBe(false)
    // Other entities mean another engine.
    await expect.poll(() => [undefined, before].includes(site.runner.engineOf('demo')), patience).toBe(false)
    await company.settle()
    await company.forget()
    await company.update('crm', 'Products', 'VT1', { product_name: 'Khi tắt' })
    await company.create('crm', 'Products', product('VT2'))
    await company.settle()
    await company.poll()
    expect(await company.writes()).toEqual({})
    // The probe of what the CRM can do looks at one row, once.
    const asked = Object.entries(await company.requests()).filter(([route]) => route.includes('Products'))
    expect(asked.length === 0 || (asked.length === 1 && asked[0]![1] === 1)).toBe(true)
    await site.edit({ entities: { product: { enabled: true } } })
    await expect.poll(() => actName(company, 'VT1'), patience).toBe('Khi tắt')
    await expect.poll(() => actName(company, 'VT2'), patience).toBe('Hàng VT2')
  })

  it('C5 an entity that is switched on later gets its first sync by itself: twins are linked, nothing is doubled', async () => {
    const company = await openCompany({ tenant: { entities: { product: { enabled: false } } } })
    await company.create('accounting', 'Units', { unit_name: 'Cái' })
    for (const code of ['VT1', 'VT2']) await company.create('crm', 'Products', product(code))
    await company.create('accounting', 'InventoryItems', {
      inventory_item_code: 'VT1',
      inventory_item_name: 'Hàng VT1',
      unit_name: 'Cái',
      sale_price1: 100000,
      tax_rate: 8,
    })
    await company.connect()
    await company.settle()
    expect(await company.rows('accounting', 'InventoryItems')).toHaveLength(1)
    const site = await onFiles(company, { entities: { product: { enabled: false } } })
    await site.edit({ entities: { product: { enabled: true } } })
    await expect.poll(() => actName(company, 'VT2'), patience).toBe('Hàng VT2')
    await company.settle()
    expect(await company.rows('accounting', 'InventoryItems')).toHaveLength(2)
    expect((await company.store.links.counts('product')).linked).toBe(2)
    await company.update('accounting', 'InventoryItems', 'VT1', { inventory_item_name: 'Mới ở kế toán' })
    await expect
      .poll(async () => (await company.find('crm', 'Products', 'VT1'))?.product_name, patience)
      .toBe('Mới ở kế toán')
  })

  it('D6 conflicts: a new rule settles what was held by the old one', async () => {
    const { company, site } = await connected()
    await company.poll()
    await company.engine.pause()
    await company.update('crm', 'Customers', 'KH1', { office_tel: '0912000002' })
    await company.update('accounting', 'AccountObjects', 'KH1', { tel: '0912000003' })
    await company.admin('POST', '/deliveries/flush', {})
    await company.engine.resume()
    const held = async () => (await company.store.work.page({ states: ['conflict'] }, { limit: 5 })).length
    await expect.poll(held, patience).toBeGreaterThan(0)
    await site.edit({ entities: { customer: { conflicts: { fields: { phone: 'accounting' } } } } })
    await expect
      .poll(async () => (await company.find('crm', 'Customers', 'KH1'))?.office_tel, patience)
      .toBe('0912000003')
    await expect.poll(held, patience).toBe(0)
  })
})

describe('FW7 files of a running runner', () => {
  it('FW7 a wrong file changes nothing and says why: file, line, column and remedy', async () => {
    const { company, site } = await connected()
    await site.edit({ salesOrders: { recordAs: 'hop-dong' } })
    await expect
      .poll(() => site.said.find((line) => line.includes('the tenant file is bad')), patience)
      .toMatch(/demo\.yaml:\d+:\d+: .*hop-dong.*Allowed: order, contract/)
    expect(site.runner.tenants().get('demo')?.settings.plugins['sales-order']).toMatchObject({ recordAs: 'order' })
    await site.write('demo.yaml', 'tenant: demo\nname: [')
    await expect
      .poll(() => site.said.filter((line) => line.includes('the tenant file is bad')).length, patience)
      .toBeGreaterThan(1)
    await company.update('crm', 'Products', 'VT1', { product_name: 'Vẫn chạy' })
    await expect.poll(() => actName(company, 'VT1'), patience).toBe('Vẫn chạy')
  })

  it('FW7 a removed file ends its tenant’s work, the data stays; the file put back goes on', async () => {
    const { company, site } = await connected()
    await site.remove('demo.yaml')
    await expect.poll(() => site.runner.engineOf('demo'), patience).toBeUndefined()
    await company.update('crm', 'Products', 'VT1', { product_name: 'Khi không có tệp' })
    expect((await company.store.links.counts('product')).linked).toBe(1)
    await site.edit({})
    await expect.poll(() => actName(company, 'VT1'), patience).toBe('Khi không có tệp')
    expect((await company.store.links.counts('product')).linked).toBe(1)
  })

  it('FW7 enabled: false switches a tenant off, and true on again', async () => {
    const { company, site } = await connected()
    await site.edit({ enabled: false })
    await expect.poll(() => site.runner.engineOf('demo'), patience).toBeUndefined()
    await site.edit({ enabled: true })
    await company.update('crm', 'Products', 'VT1', { product_name: 'Bật lại' })
    await expect.poll(() => actName(company, 'VT1'), patience).toBe('Bật lại')
  })

  it('FW7 a new file brings a new tenant, beside the others', async () => {
    const { company, site } = await connected()
    await company.admin('POST', '/tenants', {
      tenant: 'hai',
      crm: { client_id: 'hai', client_secret: 'wrong' },
      accounting: { app_id: 'hai-app', access_code: 'wrong', org_company_code: 'hai' },
      system: { client_id: 'hai', client_secret: 'wrong' },
    })
    const baseUrl = company.sandboxUrl
    const secret = '${file:../wrong}'
    const connections = {
      system: { connector: 'amis-system', baseUrl, clientId: 'hai', clientSecret: secret },
      crm: { connector: 'amis-crm', baseUrl, clientId: 'hai', clientSecret: secret },
      accounting: {
        connector: 'amis-accounting',
        baseUrl,
        appId: 'hai-app',
        accessCode: secret,
        orgCompanyCode: 'hai',
      },
    }
    await site.write('hai.yaml', JSON.stringify({ tenant: 'hai', name: 'Công ty Hai', connections }))
    await expect.poll(() => site.runner.engineOf('hai'), patience).toBeDefined()
    expect(await site.runner.connect('hai')).toMatchObject({ state: 'connected' })
    expect(site.runner.engineOf('demo')).toBeDefined()
  })
})

describe('FW7 the two examples in config/tenants', () => {
  const variables = Object.fromEntries(
    ['ACME_SYSTEM_SECRET', 'ACME_CRM_SECRET', 'ACME_ACCOUNTING_CODE']
      .flatMap((name) => [name, name.replace('ACME', 'HOA_BINH')])
      .map((name) => [name, 'x']),
  )

  it('FW7 are good files, one by orders and one by contracts, and are switched off', async () => {
    const { readFile, readdir } = await import('node:fs/promises')
    const folder = join(root, 'config/tenants')
    const copy = await mkdtemp(join(tmpdir(), 'amis-sync-examples-'))
    onClose(() => rm(copy, { recursive: true, force: true }))
    await mkdir(join(copy, 'tenants'))
    const names = (await readdir(folder)).toSorted()
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8')
      expect(text).toMatch(/^enabled: false/m)
      await writeFile(join(copy, 'tenants', name), text.replace(/^enabled: false/m, 'enabled: true'))
    }
    const company = await openCompany()
    const said: string[] = []
    const env = { ...variables, ACME_CRM_WEBHOOK_SECRET: 'whsec_YQ==' }
    const start = (configDir: string, given: Record<string, string>) =>
      startRunner({ configDir, mongoUri: company.mongoUri, variables: given, logger: listener(said) })
    const fresh = await start(join(root, 'config'), {})
    expect([...fresh.tenants().keys()]).toEqual([])
    await fresh.close()
    const runner = await start(copy, env)
    onClose(() => runner.close())
    const modes = [...runner.tenants()].map(([tenant, { settings }]) => [
      tenant,
      settings.plugins['sales-order']?.recordAs,
    ])
    expect(modes).toEqual([
      ['acme', 'order'],
      ['hoa-binh', 'contract'],
    ])
    expect(said.filter((line) => line.includes('bad') || line.includes('not used'))).toEqual([])
  })
})
