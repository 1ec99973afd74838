import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { type AnyRow, type Company, onClose, openCompany, tenantFile } from './company.ts'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** A configuration folder with the company's tenant file, for the command line. */
async function configOf(company: Company, overrides: AnyRow = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'amis-sync-flow-'))
  onClose(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'tenants'))
  await writeFile(join(folder, 'secret'), 'x')
  const secret = `\${file:${join(folder, 'secret')}}`
  const file = tenantFile(company.sandboxUrl, overrides)
  for (const system of ['system', 'crm']) {
    file.connections[system].clientSecret = secret
    delete file.connections[system].webhookSecret
  }
  file.connections.accounting.accessCode = secret
  await writeFile(join(folder, 'tenants/demo.yaml'), JSON.stringify(file))
  return folder
}

/** The real command line, beside the running runner, on the same database. */
async function flow(company: Company, config: string, ...parameters: string[]): Promise<string> {
  const all = ['--conditions=@amis-sync/source', join(root, 'apps/runner/src/main.ts'), 'flow', 'demo', ...parameters]
  const env = { ...process.env, AMIS_SYNC_CONFIG: config, MONGODB_URI: company.mongoUri, NO_COLOR: '1' }
  return (await run(join(root, 'node_modules/.bin/node'), all, { cwd: root, env })).stdout
}

it('FL1 draws what flows, with four kinds of arrows, from the loaded plugins and the tenant’s settings', async () => {
  const company = await openCompany()
  const config = await configOf(company)
  const picture = JSON.parse(await flow(company, config, '--output', 'json')) as AnyRow
  expect(picture).toMatchObject({ formatVersion: 1, tenant: 'demo' })
  const arrows = (picture.arrows as AnyRow[]).map(
    ({ kind, from, to, scope }) => `${kind} ${from.system}:${from.entity} > ${to.system}:${to.entity} ${scope ?? ''}`,
  )
  for (const wanted of [
    'made-from crm:quote > crm:sales-order ',
    'made-from crm:sales-order > crm:invoice-request ',
    'taken-over crm:customer > accounting:customer additions',
    'updated-automatically crm:customer > accounting:customer edits',
    'updated-automatically accounting:customer > crm:customer all',
    'taken-over accounting:customer-group > crm:customer-group all',
    'updated-automatically crm:product > accounting:product all',
    'taken-over crm:sales-order > accounting:sales-order all',
    'updated-back accounting:sales-order > crm:sales-order ',
    'updated-automatically system:organization-unit > accounting:organization-unit all',
    'updated-automatically accounting:price-policy > crm:price-policy all',
  ])
    expect(arrows).toContain(wanted)
  // No arrow where nothing may travel: employees never to System (D1), quotes and price policies one way (QU1, PP1).
  expect(arrows.filter((one) => / > (system:|crm:quote|accounting:price-policy)/.test(one))).toEqual([])
  const svg = await flow(company, config, '--output', 'svg', '--lang', 'vi')
  for (const name of ['Lập từ', 'Lấy sang', 'Cập nhật lại', 'Tự động cập nhật', 'Công ty Demo'])
    expect(svg).toContain(name)
  expect(svg).toContain('ghi nhận thành đơn')
})

it('FL1 what the tenant left out, or a system does not offer, is not drawn; contracts are', async () => {
  const company = await openCompany()
  await company.admin('PUT', '/capabilities', { crm: { quotes: false } })
  await company.connect()
  await company.settle()
  const config = await configOf(company, {
    salesOrders: { recordAs: 'contract' },
    entities: { 'price-policy': { enabled: false } },
  })
  const picture = JSON.parse(await flow(company, config, '--output', 'json')) as AnyRow
  const ids = (picture.entities as AnyRow[]).map(({ id }) => id)
  expect(ids).toContain('customer')
  expect(ids).not.toContain('quote')
  expect(ids).not.toContain('price-policy')
  expect(JSON.stringify(picture.arrows)).not.toMatch(/"(quote|price-policy)"/)
  expect((picture.entities as AnyRow[]).find(({ id }) => id === 'sales-order')?.mode).toMatchObject({
    system: 'accounting',
    id: 'contract',
  })
  const mermaid = await flow(company, config, '--output', 'mermaid', '--lang', 'en')
  expect(mermaid).toMatch(/^flowchart LR\n/)
  expect(mermaid).toContain('accounting__sales_order["Sales orders and contracts (recorded as contract)"]')
  expect(mermaid).not.toContain('Quotes')
})
