import { describe, expect, it } from 'vitest'
import type { Clock, Lease, LeaseStore } from '@amis-sync/core'
import { LeaseKeeper } from './lease-keeper.ts'

/** Machine clocks that a test moves; the server's clock is elsewhere. */
class FakeClock implements Clock {
  mono = 1_000
  wall = 50_000
  now = () => this.wall
  monotonic = () => this.mono
  sleep = async () => undefined
  pass(ms: number) {
    this.mono += ms
    this.wall += ms
  }
}

/** One lease table with a server clock that runs with the fake one, an hour ahead. */
class LeaseTable implements LeaseStore {
  readonly table = new Map<string, Lease>()
  readonly clock: FakeClock
  constructor(clock: FakeClock) {
    this.clock = clock
  }
  async acquire(tenant: string, holder: string, ttlMs: number, now: number) {
    const known = this.table.get(tenant)
    if (known && known.holder !== holder && known.expiresAt > now) return undefined
    const epoch = known?.holder === holder ? known.epoch : (known?.epoch ?? 0) + 1
    const lease = { tenant, holder, epoch, expiresAt: now + ttlMs }
    this.table.set(tenant, lease)
    return lease
  }
  async renew(tenants: readonly { tenant: string; epoch: number }[], holder: string, ttlMs: number, now: number) {
    const ours = tenants.filter(
      ({ tenant, epoch }) => this.table.get(tenant)?.holder === holder && this.table.get(tenant)?.epoch === epoch,
    )
    for (const { tenant } of ours) this.table.set(tenant, { ...this.table.get(tenant)!, expiresAt: now + ttlMs })
    return ours.map(({ tenant }) => tenant)
  }
  async release(tenant: string) {
    this.table.delete(tenant)
  }
  async all() {
    return [...this.table.values()]
  }
  async serverTime() {
    return this.clock.wall + 3_600_000
  }
}

const setting = () => {
  const clock = new FakeClock()
  const leases = new LeaseTable(clock)
  const keeper = (holder: string) => new LeaseKeeper({ leases, clock, holder, ttlMs: 15_000 })
  return { clock, leases, keeper }
}

describe('LeaseKeeper', () => {
  it('holds a lease by the server clock and lets go well before it runs out', async () => {
    const { clock, leases, keeper } = setting()
    const a = keeper('a')
    expect(await a.acquire('acme')).toBe(true)
    expect(leases.table.get('acme')?.expiresAt).toBe(clock.wall + 3_600_000 + 15_000)
    clock.pass(11_900)
    expect(a.isLeased('acme')).toBe(true)
    clock.pass(200)
    expect(a.isLeased('acme')).toBe(false)
    expect(a.unsafe()).toEqual(['acme'])
    expect(await keeper('b').acquire('acme')).toBe(false)
    clock.pass(3_000)
    expect(await keeper('b').acquire('acme')).toBe(true)
  })

  it('a beat extends; a lease that somebody else took over is lost, even after it was released', async () => {
    const { clock, leases, keeper } = setting()
    const [a, b] = [keeper('a'), keeper('b')]
    await a.acquire('acme')
    clock.pass(10_000)
    expect(await a.beat()).toMatchObject({ lost: [] })
    clock.pass(10_000)
    expect(a.isLeased('acme')).toBe(true)
    clock.pass(10_000)
    await b.acquire('acme')
    await b.release('acme')
    leases.table.set('acme', { tenant: 'acme', holder: '', epoch: 2, expiresAt: 0 })
    expect((await a.beat()).lost).toEqual(['acme'])
    expect(a.isLeased('acme')).toBe(false)
    expect(a.held).toEqual(new Set())
  })

  it('a machine that slept does not believe in its lease, whichever clock stood still', async () => {
    const { clock, keeper } = setting()
    const a = keeper('a')
    await a.acquire('acme')
    clock.wall += 60_000
    expect(a.isLeased('acme')).toBe(false)
    await a.beat()
    expect(a.isLeased('acme')).toBe(true)
    clock.mono += 60_000
    expect(a.isLeased('acme')).toBe(false)
  })
})
