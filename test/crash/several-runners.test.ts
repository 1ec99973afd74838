import { describe, expect, it } from 'vitest'
import { disagreements } from './agreement.ts'
import { type RunningRunner, Site } from './site.ts'
import { Stream } from './stream.ts'
import type { Tenant } from './tenant.ts'
import { until } from './until.ts'

const names = ['an', 'binh', 'chi', 'dung']
const writes = 'POST /apir/sync/actopen/save'

async function openSite(): Promise<Site> {
  const site = await Site.open({ tenants: names })
  for (const tenant of site.tenants) await tenant.seed({ n: 40 })
  return site
}

async function connectAll(site: Site): Promise<void> {
  await Promise.all(site.tenants.map((tenant) => site.askToConnect(tenant)))
  await Promise.all(site.tenants.map((tenant) => site.connected(tenant)))
}

/** How many tenants each of them holds. */
async function shares(site: Site, runners: readonly RunningRunner[]): Promise<number[]> {
  const holders = Object.values(await site.holders())
  return runners.map(({ holder }) => holders.filter((one) => one === holder).length)
}

/** Resolves when the tenants are divided so; answers how long that took. */
async function divided(site: Site, runners: readonly RunningRunner[], wanted: readonly number[]): Promise<number> {
  const since = Date.now()
  await until(`the tenants are divided ${wanted.join(' : ')}`, async () => {
    expect(await shares(site, runners)).toEqual(wanted)
    return true
  })
  return Date.now() - since
}

async function heldBy(site: Site, runner: RunningRunner): Promise<Tenant[]> {
  const holders = await site.holders()
  return site.tenants.filter(({ name }) => holders[name] === runner.holder)
}

async function expectInStep(site: Site): Promise<void> {
  await Promise.all(site.tenants.map((tenant) => site.quiet(tenant)))
  for (const tenant of site.tenants) {
    expect(await disagreements(tenant, site.storeOf(tenant)), tenant.name).toEqual([])
  }
}

describe('FW4 several runners share the work safely', () => {
  it('a runner that is killed hands its tenants over within one lease, first syncs included', async () => {
    const site = await openSite()
    const [one, other] = await Promise.all([site.startRunner(), site.startRunner()])
    await divided(site, [one, other], [2, 2])
    for (const tenant of await heldBy(site, one)) await tenant.hold('accounting', writes, { after: 1 })
    await Promise.all(site.tenants.map((tenant) => site.askToConnect(tenant)))
    await Promise.all((await heldBy(site, one)).map((tenant) => tenant.held()))
    const killedAt = Date.now()
    await one.process.kill()
    expect(await divided(site, [one, other], [0, 4])).toBeLessThan(site.leaseMs + 1_000)
    await Promise.all(site.tenants.map((tenant) => site.connected(tenant)))
    expect(Date.now() - killedAt).toBeLessThan(site.leaseMs + 5_000)
    await expectInStep(site)
  }, 60_000)

  it('a runner that stood still past its lease writes nothing any more for what it lost', async () => {
    const site = await openSite()
    const [one, other] = await Promise.all([site.startRunner(), site.startRunner()])
    await divided(site, [one, other], [2, 2])
    await connectAll(site)
    const lost = await heldBy(site, one)
    const streams = lost.map((tenant) => new Stream(tenant))
    // It stands still with a call of each tenant in the air; the answers come, and more to do, while nobody is there to take them.
    await Promise.all(lost.map((tenant) => tenant.hold('accounting', writes, { ms: 3_000 })))
    for (const stream of streams) await stream.round()
    await Promise.all(lost.map((tenant) => tenant.held()))
    await Promise.all(lost.map((tenant) => tenant.silence()))
    one.process.signal('SIGSTOP')
    await divided(site, [one, other], [0, 4])
    for (const stream of streams) await stream.round()
    await expectInStep(site)

    await Promise.all(lost.map((tenant) => tenant.admin('DELETE', '/requests')))
    one.process.signal('SIGCONT')
    await until('it has noticed', async () => /tenant stopped/.test(one.process.story))
    await divided(site, [one, other], [2, 2])
    await expectInStep(site)
    for (const tenant of lost) expect(await tenant.writes()).toEqual([])
    for (const stream of streams) expect(await stream.unseen()).toEqual([])
  }, 60_000)

  it('a runner that is told to end gives its tenants back at once', async () => {
    const site = await openSite()
    const [one, other] = await Promise.all([site.startRunner(), site.startRunner()])
    await divided(site, [one, other], [2, 2])
    await connectAll(site)
    const streams = site.tenants.map((tenant) => new Stream(tenant))
    for (const stream of streams) await stream.round()
    one.process.signal('SIGTERM')
    expect(await one.process.exit).toEqual({ code: 0, signal: null })
    expect(await divided(site, [one, other], [0, 4])).toBeLessThan(site.leaseMs / 2)
    for (const stream of streams) await stream.round()
    await expectInStep(site)
    for (const stream of streams) expect(await stream.unseen()).toEqual([])
  }, 60_000)
})
