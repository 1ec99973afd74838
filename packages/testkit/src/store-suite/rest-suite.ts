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
