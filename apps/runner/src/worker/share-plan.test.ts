import { describe, expect, it } from 'vitest'
import { planShare } from './share-plan.ts'
import type { ShareQuestion } from './share-plan.ts'

const lease = (tenant: string, holder: string, expiresAt = 100) => ({ tenant, holder, epoch: 1, expiresAt })
const ask = (given: Partial<ShareQuestion>) =>
  planShare({
    tenants: ['a', 'b', 'c', 'd'],
    held: new Set(),
    busy: new Set(),
    leases: [],
    peers: '@x.',
    holder: 'me',
    now: 50,
    overdue: new Set(),
    ...given,
  })

describe('planShare', () => {
  it('a runner alone takes everything', () => {
    expect(ask({}).acquire).toEqual(['a', 'b', 'c', 'd'])
  })

  it('two runners take half each; only peers with the same tenants count', () => {
    expect(ask({ leases: [lease('@x.1', 'you')] }).acquire).toEqual(['a', 'b'])
    expect(ask({ leases: [lease('@y.1', 'you')] }).acquire).toHaveLength(4)
    expect(ask({ leases: [lease('@x.1', 'you', 49)] }).acquire).toHaveLength(4)
  })

  it('gives one back at a time when a newcomer has less than its share, busy ones last', () => {
    const leases = [
      lease('@x.1', 'me'),
      lease('@x.2', 'you'),
      ...['a', 'b', 'c', 'd'].map((tenant) => lease(tenant, 'me')),
    ]
    const held = new Set(['a', 'b', 'c', 'd'])
    expect(ask({ leases, held }).release).toEqual(['d'])
    expect(ask({ leases, held, busy: new Set(['d', 'c']) }).release).toEqual(['b'])
  })

  it('takes over what ran out, and tells when the next one will', () => {
    const leases = [lease('@x.2', 'you', 49), lease('a', 'you', 49), lease('b', 'cli', 70), lease('c', 'cli', 60)]
    expect(ask({ leases })).toMatchObject({ acquire: ['a', 'd'], nextExpiry: 60 })
  })

  it('a tenant that nobody serves for long is taken beyond the share; one that left the config is given back', () => {
    const leases = [lease('@x.2', 'you'), lease('a', 'me'), lease('b', 'me')]
    expect(ask({ leases, held: new Set(['a', 'b']), overdue: new Set(['d']) }).acquire).toEqual(['d'])
    expect(ask({ held: new Set(['z']) }).release).toEqual(['z'])
  })
})
