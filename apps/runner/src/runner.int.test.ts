import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedMongo } from '@amis-sync/embedded-mongodb'
import type { EmbeddedMongo } from '@amis-sync/embedded-mongodb'
import { startRunner } from './runner.ts'
import type { Runner, RunnerOptions } from './runner.ts'

/** Systems that nobody reaches: these tests are about leases and files. */
const connections = {
  crm: { connector: 'amis-crm', baseUrl: 'http://127.0.0.1:9', clientId: 'a', clientSecret: 'b' },
  accounting: {
    connector: 'amis-accounting',
    baseUrl: 'http://127.0.0.1:9',
    appId: 'a',
    accessCode: 'b',
    orgCompanyCode: 'c',
  },
}
const tenant = (name: string) => ({ tenant: name, name, connections })
const names = ['t1', 't2', 't3', 't4']

async function until(what: () => boolean, timeoutMs: number): Promise<number> {
  const start = performance.now()
  while (!what()) {
    if (performance.now() - start > timeoutMs) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return performance.now() - start
}

describe('runners on one database', () => {
  let mongo: EmbeddedMongo
  beforeAll(async () => {
    mongo = await startEmbeddedMongo({ dataDir: ':memory:' })
  })
  afterAll(() => mongo.close())

  const start = (database: string, options: Partial<RunnerOptions> = {}) =>
    startRunner({
      tenants: names.map(tenant),
      mongoUri: mongo.uri,
      database,
      leaseTtlMs: 1_500,
      pollMs: 3_600_000,
      ...options,
    })
  const held = (runner: Runner) => names.filter((name) => runner.engineOf(name) !== undefined)

  it('FW4 two share the tenants, never one twice; when one goes the other takes over', async () => {
    const a = await start('share')
    expect(held(a)).toEqual(names)
    const b = await start('share')
    await until(() => held(a).length === 2 && held(b).length === 2, 8_000)
    expect([...held(a), ...held(b)].toSorted()).toEqual(names)
    await a.close()
    await until(() => held(b).length === 4, 2_000)
    await b.close()
  })

  it('a lease that is not renewed is taken over within one lease', async () => {
    const a = await start('dead')
    const leases = await a.store.leases.all()
    const now = await a.store.leases.serverTime()
    await a.close()
    // As a killed runner leaves it: held, renewed a moment ago, never again.
    for (const name of names) await a.store.leases.acquire(name, 'killed', 1_500, now).catch(() => undefined)
    expect(leases.length).toBeGreaterThan(0)
    const b = await start('dead')
    expect(await until(() => held(b).length === 4, 3_000)).toBeLessThan(1_700)
    await b.close()
  })

  it('a request for a tenant that somebody else holds is carried out there', async () => {
    const a = await start('ask')
    const helper = await start('ask', { role: 'helper' })
    expect(held(helper)).toEqual([])
    await expect(helper.ask('t1', 'pause', {})).rejects.toMatchObject({ code: 'TENANT_NOT_LIVE' })
    await a.store.forTenant('t2').saveState({ phase: 'live', updatedAt: 0 })
    await helper.ask('t2', 'pause', {})
    expect(await a.store.forTenant('t2').state()).toMatchObject({ phase: 'paused' })
    await expect(helper.ask('t9', 'pause', {})).rejects.toMatchObject({ code: 'TENANT_UNKNOWN' })
    await helper.close()
    await a.close()
    const alone = await start('ask', { role: 'helper' })
    await alone.ask('t2', 'resume', {})
    expect(await alone.store.forTenant('t2').state()).toMatchObject({ phase: 'live' })
    await alone.close()
  })

  it('a tenant file that changes is taken over, a bad one changes nothing, a new and a removed one count', async () => {
    const configDir = await mkdtemp(join(tmpdir(), 'runner-files-'))
    const folder = join(configDir, 'tenants')
    await mkdir(folder)
    await writeFile(join(configDir, 'secret'), 's\n')
    const text = (name: string, recordAs: string) => `tenant: ${name}
name: Công ty ${name}
connections:
  crm: { connector: amis-crm, baseUrl: http://127.0.0.1:9, clientId: a, clientSecret: \${file:../secret} }
  accounting: { connector: amis-accounting, baseUrl: http://127.0.0.1:9, appId: a, accessCode: \${file:../secret}, orgCompanyCode: c }
salesOrders: { recordAs: ${recordAs} }
`
    await writeFile(join(folder, 'one.yaml'), text('one', 'order'))
    const runner = await start('files', { configDir, tenants: [] })
    const mode = () => runner.tenants().get('one')?.settings.plugins['sales-order']?.['recordAs']
    expect(mode()).toBe('order')
    const engine = runner.engineOf('one')
    await writeFile(join(folder, 'one.yaml'), text('one', 'contract'))
    await until(() => mode() === 'contract', 3_000)
    expect(runner.engineOf('one')).toBe(engine)
    await writeFile(join(folder, 'one.yaml'), text('one', 'kontract'))
    await writeFile(join(folder, 'two.yaml'), text('two', 'order'))
    await until(() => runner.engineOf('two') !== undefined, 3_000)
    expect(mode()).toBe('contract')
    await writeFile(join(folder, 'one.yaml'), text('one', 'contract').replaceAll(':9,', ':10,'))
    await until(() => runner.engineOf('one') !== engine && runner.engineOf('one') !== undefined, 3_000)
    await rm(join(folder, 'two.yaml'))
    await until(() => runner.engineOf('two') === undefined && !runner.tenants().has('two'), 3_000)
    await runner.close()
  })
})
