import { expect, test } from 'vitest'
import type { StoreUnderTest } from '../store-suite.ts'
import { failureOf, hostileRow } from './samples.ts'

export function describeRest({ store, freshTenant }: StoreUnderTest): void {
  test('cursors', async () => {
    const { cursors } = freshTenant()
    expect(await cursors.get('crm|$a.b')).toBeUndefined()
    await cursors.set('crm|$a.b', '1')
    await cursors.set('crm|$a.b', '$2')
    expect(await cursors.get('crm|$a.b')).toBe('$2')
    expect(await freshTenant().cursors.get('crm|$a.b')).toBeUndefined()
  })

  test('inbox: a delivery counts once', async () => {
    const { inbox } = freshTenant()
    const outcomes = [{ resource: 'AccountObjects', opId: 'op', status: 'rejected', failure: failureOf('X') } as const]
    const entry = { id: 'd1', system: 'crm', hints: [{ resource: 'Customers', id: '1' }], outcomes, receivedAt: 2 }
    expect(await inbox.accept(entry)).toBe('new')
    expect(await inbox.accept(entry)).toBe('seen')
    expect(await inbox.accept({ ...entry, id: 'd0', receivedAt: 1 })).toBe('new')
    expect(await inbox.accept({ ...entry, id: 'd2', receivedAt: 3 })).toBe('new')
    expect((await inbox.pending(2)).map(({ id }) => id)).toEqual(['d0', 'd1'])
    expect((await inbox.pending(9))[1]).toEqual(entry)
    await inbox.done(['d0', 'd1', 'nothing'])
    await inbox.done([])
    expect((await inbox.pending(9)).map(({ id }) => id)).toEqual(['d2'])
    expect(await inbox.accept(entry)).toBe('seen')
    expect(await freshTenant().inbox.accept(entry)).toBe('new')
  })

  test('runs of the first sync', async () => {
    const { runs } = freshTenant()
    const counters = { done: 1, created: 1, linked: 0, updated: 0, skipped: 0, failed: 0 }
    const run = {
      step: 10,
      state: 'running',
      entities: { 'a.b': counters },
      cursors: { 'customer|crm': '' },
      startedAt: 5,
    } as const
    expect(await runs.get(10)).toBeUndefined()
    await runs.save(run)
    await runs.save({ ...run, step: 2, state: 'pending' })
    await runs.save({ ...run, state: 'finished', finishedAt: 9 })
    expect(await runs.get(10)).toEqual({ ...run, state: 'finished', finishedAt: 9 })
    expect((await runs.all()).map(({ step }) => step)).toEqual([2, 10])
    expect(await freshTenant().runs.all()).toEqual([])
  })

  test('commands', async () => {
    const { commands } = freshTenant()
    const data = hostileRow()
    await commands.add({ id: 'c2', kind: 'pause', data: {}, createdAt: 2 })
    await commands.add({ id: 'c1', kind: 'sync', data, createdAt: 1 })
    await commands.add({ id: 'c1', kind: 'again', data: {}, createdAt: 9 })
    expect((await commands.pending()).map(({ id, kind, state }) => [id, kind, state])).toEqual([
      ['c1', 'sync', 'pending'],
      ['c2', 'pause', 'pending'],
    ])
    expect(JSON.stringify((await commands.get('c1'))?.data)).toBe(JSON.stringify(data))
    await commands.update('c1', { state: 'running' })
    expect((await commands.pending()).map(({ id }) => id)).toEqual(['c2'])
    await commands.update('c1', { state: 'done', result: { n: 1 } })
    await commands.update('c2', { state: 'failed', failure: failureOf('X') })
    expect(await commands.get('c1')).toMatchObject({ state: 'done', result: { n: 1 } })
    expect(await commands.get('c2')).toEqual({
      id: 'c2',
      kind: 'pause',
      data: {},
      state: 'failed',
      failure: failureOf('X'),
      createdAt: 2,
    })
    expect(await commands.get('nothing')).toBeUndefined()
  })

  test('documents by kind and id', async () => {
    const { documents } = freshTenant()
    const value = hostileRow()
    await documents.put('figure', [
      { id: 'stock|A|1', value: 1 },
      { id: 'stock|A|$2', value },
      { id: 'stock|Ab', value: null },
      { id: 'debt|A|1', value: 'đ' },
    ])
    await documents.put('figures', [{ id: 'stock|A|1', value: 'another kind' }])
    await documents.put('figure', [])
    await documents.put('figure', [{ id: 'stock|A|1', value: 2 }])
    const ids = async (...query: Parameters<typeof documents.page>) =>
      (await documents.page(...query)).map(({ id }) => id)
    expect(await ids('figure', { limit: 9 })).toEqual(['debt|A|1', 'stock|Ab', 'stock|A|$2', 'stock|A|1'])
    expect(await ids('figure', { prefix: 'stock|A|', limit: 9 })).toEqual(['stock|A|$2', 'stock|A|1'])
    expect(await ids('figure', { prefix: 'stock|A|', after: 'stock|A|$2', limit: 9 })).toEqual(['stock|A|1'])
    expect(await ids('figure', { after: 'debt|A|1', limit: 1 })).toEqual(['stock|Ab'])
    expect(await documents.count('figure')).toBe(4)
    expect(await documents.count('figure', 'stock|A|')).toBe(2)
    expect(await documents.get('figure', ['stock|A|1', 'stock|A|1', 'nothing'])).toEqual([
      { id: 'stock|A|1', value: 2 },
    ])
    expect(JSON.stringify((await documents.get('figure', ['stock|A|$2']))[0]?.value)).toBe(JSON.stringify(value))
    await documents.remove('figure', ['debt|A|1', 'nothing'])
    await documents.remove('figure', [])
    await documents.clear('figure', 'stock|A|')
    expect(await ids('figure', { limit: 9 })).toEqual(['stock|Ab'])
    await documents.clear('figure')
    expect(await documents.count('figure')).toBe(0)
    expect(await ids('figures', { limit: 9 })).toEqual(['stock|A|1'])
    expect(await freshTenant().documents.page('figures', { limit: 9 })).toEqual([])
  })

  test('tenant state', async () => {
    const tenant = freshTenant()
    expect(await tenant.state()).toBeUndefined()
    const capabilities = { crm: [{ flag: 'changes', on: true, source: 'probe', assumed: false }] } as const
    await tenant.saveState({ phase: 'live', capabilities, updatedAt: 1, stopped: { crm: failureOf('X') } })
    expect(await tenant.state()).toEqual({
      phase: 'live',
      capabilities,
      updatedAt: 1,
      stopped: { crm: failureOf('X') },
    })
    await tenant.saveState({ phase: 'paused', updatedAt: 2 })
    expect(await tenant.state()).toStrictEqual({ phase: 'paused', updatedAt: 2 })
    expect(await freshTenant().state()).toBeUndefined()
  })

  test('attention: tenants with pending deliveries or commands', async () => {
    const [quiet, delivered, commanded, handled, foreign] = [
      freshTenant(),
      freshTenant(),
      freshTenant(),
      freshTenant(),
      freshTenant(),
    ]
    const entry = { id: 'd', system: 'crm', hints: [], outcomes: [], receivedAt: 1 }
    for (const tenant of [delivered, handled, foreign]) await tenant.inbox.accept(entry)
    await handled.inbox.done(['d'])
    await commanded.commands.add({ id: 'c', kind: 'sync', data: {}, createdAt: 1 })
    await handled.commands.add({ id: 'c', kind: 'sync', data: {}, createdAt: 1 })
    await handled.commands.update('c', { state: 'running' })
    const asked = [quiet, delivered, commanded, handled].map((tenant) => tenant.tenant)
    const news = await store().attention.tenantsWithNews(asked)
    expect(news).toEqual([delivered.tenant, commanded.tenant].sort())
    expect(await store().attention.tenantsWithNews([])).toEqual([])
  })
}
