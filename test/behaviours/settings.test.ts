import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Logger } from '@amis-sync/core'
import { type Runner, startRunner } from '@amis-sync/runner'
import { describe, expect, it } from 'vitest'
import { type AnyRow, type Company, onClose, openCompany, tenantFile } from './company.ts'
import { customer, order, product } from './records.ts'

const root = resolve(import.meta.dirname, '../..')
const patience = { timeout: 20_000, interval: 40 }

/** What a company's runner is told by files, and what it says about them. */
interface Site {
  readonly runner: Runner
  readonly said: string[]
  readonly folder: string
  /** Writes the tenant file; sections are merged into what it says. */
  edit(change: AnyRow): Promise<void>
  /** Writes whatever text. */
  write(name: string, text: string): Promise<void>
  remove(name: string): Promise<void>
}

function listener(said: string[]): Logger {
  const tell = (message: string, fields?: object) => void said.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const logger: Logger = { debug: () => undefined, info: tell, warn: tell, error: tell, child: () => logger }
  return logger
}

function merged(file: AnyRow, change: AnyRow): AnyRow {
  const result: AnyRow = { ...file }
  for (const [key, value] of Object.entries(change)) {
    const both = [result[key], value].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    result[key] = both ? merged(result[key], value) : value
  }
  return result
}

/** The same company behind a runner that follows a folder of files. */
async function onFiles(company: Company, first: AnyRow = {}): Promise<Site> {
  await company.runner.close()
  const folder = await mkdtemp(join(tmpdir(), 'amis-sync-settings-'))
  onClose(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'tenants'))
  const secrets: AnyRow = { system: 'demo-system-secret', crm: 'demo-crm-secret', accounting: 'demo-access' }
  for (const [name, value] of Object.entries(secrets)) await writeFile(join(folder, name), value)
  const plain = tenantFile(company.sandboxUrl)
  const hook = plain.connections.crm.webhookSecret as string
  await writeFile(join(folder, 'hook'), hook)
  await writeFile(join(folder, 'other-hook'), `whsec_${Buffer.from('another-secret').toString('base64')}`)
  await writeFile(join(folder, 'wrong'), 'wrong')
  const secret = (name: string) => `\${file:${join(folder, name)}}`
  let file = merged(plain, {
    connections: {
      system: { clientSecret: secret('system'), webhookSecret: secret('hook') },
      crm: { clientSecret: secret('crm'), webhookSecret: secret('hook') },
      accounting: { accessCode: secret('accounting') },
    },
    schedule: { poll: '1h' },
  })
  const withSecrets = (change: AnyRow): AnyRow =>
    JSON.parse(
      JSON.stringify(change).replaceAll(/"secret:([a-z-]+)"/g, (_, name: string) => JSON.stringify(secret(name))),
    )
  const write = (name: string, text: string) => writeFile(join(folder, 'tenants', name), text)
  const edit = async (change: AnyRow) => {
    file = merged(file, withSecrets(change))
    await write('demo.yaml', JSON.stringify(file, null, 2))
  }
  await edit(first)
  const said: string[] = []
  const runner = await startRunner({
    configDir: folder,
    mongoUri: company.mongoUri,
    leaseTtlMs: 3_000,
    logger: listener(said),
  })
  onClose(() => runner.close())
  company.runner = runner
  await company.deliverTo(runner.url)
  return { runner, said, folder, edit, write, remove: (name) => rm(join(folder, 'tenants', name)) }
}

const configOf = (site: Site, system: string) =>
  site.runner.tenants().get('demo')?.connections.get(system)?.config as AnyRow | undefined

const actName = async (company: Company, code: string) =>
  (await company.find('accounting', 'InventoryItems', code))?.inventory_item_name

const deaf = (company: Company) =>
  company.admin('PUT', '/capabilities', { crm: { webhooks: false }, accounting: { hints: false } })

async function connected(first: AnyRow = {}): Promise<{ company: Company; site: Site }> {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'Customers', customer('KH1', { office_tel: '0912000001' }))
  await company.connect()
  await company.settle()
  return { company, site: await onFiles(company, first) }
}

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
