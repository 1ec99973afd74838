import { describe, expect, test } from 'vitest'
import type { StoreUnderTest } from '../store-suite.ts'
import { sorted } from './samples.ts'

export function describeLeases({ store, freshTenant }: StoreUnderTest): void {
  describe('leases', () => {
    test('one holder at a time; the epoch grows with each change of holder', async () => {
      const { leases } = store()
      const { tenant } = freshTenant()
      expect(await leases.acquire(tenant, '$one', 100, 1000)).toEqual({
        tenant,
        holder: '$one',
        epoch: 1,
        expiresAt: 1100,
      })
      expect(await leases.acquire(tenant, 'two', 100, 1099)).toBeUndefined()
      expect(await leases.acquire(tenant, '$one', 100, 1050)).toMatchObject({ epoch: 1, expiresAt: 1150 })
      expect(await leases.acquire(tenant, 'two', 100, 1150)).toEqual({
        tenant,
        holder: 'two',
        epoch: 2,
        expiresAt: 1250,
      })
      expect(await leases.acquire(tenant, '$one', 100, 1200)).toBeUndefined()
    })

    test('many at once: one gets it', async () => {
      const { leases } = store()
      const { tenant } = freshTenant()
      const asked = await Promise.all(
        Array.from({ length: 10 }, (_, index) => leases.acquire(tenant, `h${index}`, 100, 1000)),
      )
      expect(asked.filter((lease) => lease !== undefined).length).toBe(1)
      const later = await Promise.all(
        Array.from({ length: 10 }, (_, index) => leases.acquire(tenant, `n${index}`, 100, 2000)),
      )
      expect(later.flatMap((lease) => lease?.epoch ?? [])).toEqual([2])
    })

    test('renew names the leases that are still ours', async () => {
      const { leases } = store()
      const [a, b, c] = [freshTenant().tenant, freshTenant().tenant, freshTenant().tenant]
      for (const tenant of [a, b, c]) await leases.acquire(tenant, 'one', 100, 1000)
      const held = [a, b, c].map((tenant) => ({ tenant, epoch: 1 }))
      expect(await leases.renew(held, 'one', 100, 1050)).toEqual([a, b, c])
      await leases.acquire(b, 'two', 100, 1150)
      expect(await leases.renew(held, 'one', 100, 1160)).toEqual([a, c])
      await leases.release(c, 'one')
      await leases.acquire(c, 'one', 100, 1170)
      expect(await leases.renew(held, 'one', 100, 1180)).toEqual([a])
      expect(await leases.renew([], 'one', 100, 1180)).toEqual([])
      const all = (await leases.all()).filter(({ tenant }) => [a, b, c].includes(tenant))
      expect(all.map(({ tenant, holder, epoch, expiresAt }) => [tenant, holder, epoch, expiresAt])).toEqual(
        sorted([
          [a, 'one', 1, 1280],
          [b, 'two', 2, 1250],
          [c, 'one', 2, 1270],
        ]),
      )
    })

    test('release frees at once, by the holder only', async () => {
      const { leases } = store()
      const { tenant } = freshTenant()
      await leases.acquire(tenant, 'one', 100, 1000)
      await leases.release(tenant, 'two')
      expect(await leases.acquire(tenant, 'two', 100, 1001)).toBeUndefined()
      await leases.release(tenant, 'one')
      expect((await leases.all()).some((lease) => lease.tenant === tenant)).toBe(false)
      expect(await leases.acquire(tenant, 'two', 100, 1002)).toMatchObject({ holder: 'two', epoch: 2 })
    })

    test('the server tells its time', async () => {
      const first = await store().leases.serverTime()
      expect(Number.isFinite(first)).toBe(true)
      expect(await store().leases.serverTime()).toBeGreaterThanOrEqual(first)
    })
  })
}
