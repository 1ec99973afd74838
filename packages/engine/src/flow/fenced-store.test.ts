import type { TenantStore } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { fencedStore } from './fenced-store.ts'

it('whoever lost the lease still reads, and changes nothing any more', async () => {
  const changes: string[] = []
  const store = {
    tenant: 'acme',
    journal: { count: async () => 3, mark: async () => void changes.push('mark') },
    state: async () => ({ phase: 'live', updatedAt: 1 }),
    saveState: async () => void changes.push('saveState'),
  } as unknown as TenantStore
  let leased = true
  const fence = fencedStore(store, () => {
    if (!leased) throw new Error('LEASE_LOST')
  })

  await fence.journal.mark([])
  leased = false
  await expect(fence.journal.mark([])).rejects.toThrow('LEASE_LOST')
  await expect(fence.saveState({ phase: 'live', updatedAt: 2 })).rejects.toThrow('LEASE_LOST')
  expect([fence.tenant, await fence.journal.count(), await fence.state()]).toEqual([
    'acme',
    3,
    { phase: 'live', updatedAt: 1 },
  ])
  expect(changes).toEqual(['mark'])
})
