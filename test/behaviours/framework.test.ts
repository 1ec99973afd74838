import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { coreVersion, createContainer, createTenantContainer, decide, definePolicy, tokens } from '@amis-sync/core'
import { startRunner } from '@amis-sync/runner'
import { createMemoryStore } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { quietLogger, realClock } from '../engine/engine-bench.ts'
import { type AnyRow, onClose, openLiveCompany, tenantFile } from './company.ts'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** The real command line, as a process of its own. */
async function cli(parameters: readonly string[], variables: Record<string, string> = {}) {
  const file = join(root, 'node_modules/.bin/node')
  const options = { cwd: root, env: { ...process.env, AMIS_SYNC_LANG: 'en', NO_COLOR: '1', ...variables } }
  const all = ['--conditions=@amis-sync/source', join(root, 'apps/runner/src/main.ts'), ...parameters]
  const done = run(file, all, options)
  return done.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      stdout: error.stdout,
      stderr: error.stderr,
    }),
  )
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'amis-sync-test-'))
  onClose(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A configuration folder with one tenant file. */
async function configWith(text: string): Promise<string> {
  const path = await folder()
  await mkdir(join(path, 'tenants'))
  await writeFile(join(path, 'tenants/acme.yaml'), text)
  return path
}

const goodFile = `tenant: acme
name: Công ty ACME
connections:
  system: { connector: amis-system, baseUrl: http://127.0.0.1:9, clientId: a, clientSecret: '\${env:ACME_SECRET}' }
  crm: { connector: amis-crm, baseUrl: http://127.0.0.1:9, clientId: a, clientSecret: '\${env:ACME_SECRET}' }
  accounting: { connector: amis-accounting, baseUrl: http://127.0.0.1:9, appId: a, accessCode: '\${env:ACME_SECRET}', orgCompanyCode: acme }
`

it('FW1 each entity type is a package of its own that knows no other entity and no connector', async () => {
  const packages = (await readdir(join(root, 'packages'))).filter((name) => name.startsWith('entity-'))
  expect(packages.length).toBeGreaterThanOrEqual(7)
  for (const name of packages) {
    const manifest = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8')) as AnyRow
    const dependencies = Object.keys(manifest.dependencies).filter((one) => one !== '@amis-sync/amis-documents')
    expect(dependencies.sort(), name).toEqual(['@amis-sync/core', 'zod'])
    const { plugin } = (await import(`@amis-sync/${name}`)) as { plugin: AnyRow }
    expect(`entity-${plugin.id}`).toBe(name)
  }
})

it('FW2 core defines the contracts and a container with a child per tenant that sees its own store only', () => {
  const services = {
    clock: realClock,
    random: { next: () => 0 },
    ids: { next: () => 'x' },
    logger: quietLogger,
    metrics: { count: () => undefined, gauge: () => undefined },
  }
  const scheduler = {
    define: () => undefined,
    every: async () => undefined,
    once: async () => undefined,
    cancel: async () => undefined,
    start: async () => undefined,
    stop: async () => undefined,
  }
  const container = createContainer({ ...services, store: createMemoryStore(), scheduler, plugins: [], connectors: [] })
  const [a, b] = ['a', 'b'].map((tenant) => createTenantContainer(container, tenant, []))
  expect(a!.get(tokens.tenantStore).tenant).toBe('a')
  expect(b!.get(tokens.tenantStore).tenant).toBe('b')
  expect(a!.get(tokens.clock)).toBe(b!.get(tokens.clock))
  const policy = definePolicy({
    directions: [{ from: 'a', to: 'b', create: 'always', update: 'never', link: 'never', deactivate: 'never' }],
  })
  const ask = {
    from: 'a',
    to: 'b',
    link: 'unlinked',
    event: 'seen',
    triggers: new Set<string>(),
    pulledBy: new Set<string>(),
  } as const
  expect(decide(policy, ask)).toEqual({ action: 'create', reason: 'RULE_ALWAYS' })
})

describe('FW3 a bad plugin is told plainly', () => {
  const refused = async (plugins: string[]) => {
    const error = await startRunner({ mongoUri: 'mongodb://127.0.0.1:9', plugins, tenants: [] }).catch(
      (reason: unknown) => reason as AnyRow,
    )
    return error as AnyRow
  }
  const written = async (text: string) => {
    const path = join(await folder(), 'plugin.mjs')
    await writeFile(path, text)
    return path
  }

  it('a package that is not there', async () => {
    expect((await refused(['@amis-sync/entity-khong-co'])).text.en).toContain('@amis-sync/entity-khong-co')
  })

  it('a package without a plugin', async () => {
    const path = await written('export const nothing = 1')
    expect((await refused([path])).text.en).toContain('plugin')
  })

  it('a plugin for another version of core', async () => {
    const path = await written(
      `import { plugin as p } from '${join(root, 'packages/entity-product-group/src/plugin.ts')}'; export const plugin = { ...p, coreRange: '^9.0.0' }`,
    )
    const { text } = await refused([path])
    expect(text.en).toContain('^9.0.0')
    expect(text.en).toContain(coreVersion)
  })

  it('the same id twice, and a plugin whose dependency is not loaded', async () => {
    const group = '@amis-sync/entity-product-group'
    const twin = await written(`export { plugin } from '${join(root, 'packages/entity-product-group/src/plugin.ts')}'`)
    expect((await refused([group, twin])).text.en).toMatch(/product-group/)
    expect((await refused(['@amis-sync/entity-product'])).text.en).toMatch(/product-group/)
  })
})

describe('FW7 tenant files are checked with file, line, column and a way to mend it', () => {
  const check = async (text: string, variables = { ACME_SECRET: 'x' }) =>
    cli(['config', 'check', '--output', 'json'], { AMIS_SYNC_CONFIG: await configWith(text), ...variables })

  it('a good file is good', async () => {
    expect(await check(goodFile)).toMatchObject({ code: 0 })
  })

  it.each([
    ['an unknown key, with the one that was meant', goodFile.replace('name:', 'nmae:'), /acme\.yaml:2:1/, /name/],
    [
      'a secret in clear text',
      goodFile.replace(
        "clientId: a, clientSecret: '${env:ACME_SECRET}' }\n  acc",
        'clientId: a, clientSecret: hoa-hong }\n  acc',
      ),
      /acme\.yaml:5:/,
      /\$\{env:/,
    ],
    ['a mode that does not exist', `${goodFile}salesOrders: { recordAs: hop-dong }\n`, /acme\.yaml:7:/, /contract/],
    [
      'a field that an entity does not have',
      `${goodFile}entities: { customer: { conflicts: { fields: { phnoe: crm } } } }\n`,
      /acme\.yaml:7:/,
      /phone/,
    ],
    ['broken YAML', `${goodFile}salesOrders: {\n`, /acme\.yaml:\d+:\d+/, /./],
  ])('%s', async (_what, text, place, remedy) => {
    const { code, stdout, stderr } = await check(text)
    expect(code).not.toBe(0)
    expect(`${stdout}${stderr}`).toMatch(place)
    expect(`${stdout}${stderr}`).toMatch(remedy)
    expect(`${stdout}${stderr}`).not.toMatch(/hoa-hong|\n\s+at .*\.ts/)
  })

  it('editors complete them from a JSON Schema that is made from the same schemas', async () => {
    const { stdout } = await cli(['config', 'schema'], {
      AMIS_SYNC_CONFIG: await configWith(goodFile),
      ACME_SECRET: 'x',
    })
    const schema = JSON.parse(stdout) as AnyRow
    expect(JSON.stringify(schema)).toContain('recordAs')
    expect(JSON.parse(await readFile(join(root, 'config/schema/tenant.schema.json'), 'utf8'))).toEqual(schema)
  })

  it('a running runner takes over a changed file, and a bad one changes nothing', async () => {
    const company = await openLiveCompany()
    await company.runner.close()
    const path = await folder()
    await mkdir(join(path, 'tenants'))
    const file = tenantFile(company.sandboxUrl)
    const secret = (name: string) => `\${file:${join(path, name)}}`
    file.connections.system.clientSecret = secret('system')
    file.connections.crm.clientSecret = secret('crm')
    file.connections.accounting.accessCode = secret('accounting')
    delete file.connections.system.webhookSecret
    delete file.connections.crm.webhookSecret
    await writeFile(join(path, 'system'), 'demo-system-secret')
    await writeFile(join(path, 'crm'), 'demo-crm-secret')
    await writeFile(join(path, 'accounting'), 'demo-access')
    const write = (recordAs: string) =>
      writeFile(join(path, 'tenants/demo.yaml'), JSON.stringify({ ...file, salesOrders: { recordAs } }))
    await write('order')
    const runner = await startRunner({ configDir: path, mongoUri: company.mongoUri, leaseTtlMs: 3_000 })
    onClose(() => runner.close())
    const mode = () => runner.tenants().get('demo')?.settings.plugins['sales-order']?.recordAs
    const becomes = async (wanted: string) => {
      const until = Date.now() + 6_000
      while (mode() !== wanted && Date.now() < until) await realClock.sleep(50)
      return mode()
    }
    expect(mode()).toBe('order')
    await write('contract')
    expect(await becomes('contract')).toBe('contract')
    await write('hop-dong')
    await realClock.sleep(1_200)
    expect(mode()).toBe('contract')
    await write('order')
    expect(await becomes('order')).toBe('order')
  })
})
