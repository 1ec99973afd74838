import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Logger } from '@amis-sync/core'
import { type Runner, startRunner } from '@amis-sync/runner'
import { type AnyRow, type Company, onClose, openCompany, tenantFile } from './company.ts'
import { customer, product } from './records.ts'

export const root = resolve(import.meta.dirname, '../..')
export const patience = { timeout: 20_000, interval: 40 }

/** What a company's runner is told by files, and what it says about them. */
export interface Site {
  readonly runner: Runner
  readonly said: string[]
  readonly folder: string
  /** Writes the tenant file; sections are merged into what it says. */
  edit(change: AnyRow): Promise<void>
  /** Writes whatever text. */
  write(name: string, text: string): Promise<void>
  remove(name: string): Promise<void>
}

export function listener(said: string[]): Logger {
  const tell = (message: string, fields?: object) => void said.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const logger: Logger = { debug: () => undefined, info: tell, warn: tell, error: tell, child: () => logger }
  return logger
}

export function merged(file: AnyRow, change: AnyRow): AnyRow {
  const result: AnyRow = { ...file }
  for (const [key, value] of Object.entries(change)) {
    const both = [result[key], value].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    result[key] = both ? merged(result[key], value) : value
  }
  return result
}

/** The same company behind a runner that follows a folder of files. */
export async function onFiles(company: Company, first: AnyRow = {}): Promise<Site> {
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

export const configOf = (site: Site, system: string) =>
  site.runner.tenants().get('demo')?.connections.get(system)?.config as AnyRow | undefined

export const actName = async (company: Company, code: string) =>
  (await company.find('accounting', 'InventoryItems', code))?.inventory_item_name

export const deaf = (company: Company) =>
  company.admin('PUT', '/capabilities', { crm: { webhooks: false }, accounting: { hints: false } })

export async function connected(first: AnyRow = {}): Promise<{ company: Company; site: Site }> {
  const company = await openCompany()
  await company.create('accounting', 'Units', { unit_name: 'Cái' })
  await company.create('crm', 'Products', product('VT1'))
  await company.create('crm', 'Customers', customer('KH1', { office_tel: '0912000001' }))
  await company.connect()
  await company.settle()
  return { company, site: await onFiles(company, first) }
}
