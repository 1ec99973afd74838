import { workId } from '@amis-sync/core'
import type { JournalEntry, Link, TenantStore, WorkHint, WorkSettlement } from '@amis-sync/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMongoStore } from './create-mongo-store.ts'
import type { MongoStore } from './create-mongo-store.ts'
import { openTestDatabase } from './test-database.fixture.ts'
import type { TestDatabase } from './test-database.fixture.ts'

let database: TestDatabase
let opened: MongoStore
let commands: string[] = []
let tenants = 0

beforeAll(async () => {
  database = await openTestDatabase('counts')
  opened = await createMongoStore({ ...database, onCommand: (name) => commands.push(name) })
})
afterAll(async () => {
  await opened.close()
  await database.close()
})

function freshTenant(): TenantStore {
  tenants += 1
  return opened.store.forTenant(`t${tenants}`)
}

/** The commands that a piece of work sends. */
async function sent(work: () => Promise<unknown>): Promise<string[]> {
  commands = []
  await work()
  return [...commands]
}

const many = Array.from({ length: 300 }, (_, index) => String(index))
const record = (id: string) => ({ resource: 'Customers', id })
const failure = { code: 'X', kind: 'recordRejected', vi: 'x', en: 'x' } as const

function linkOf(id: string, more: Partial<Link> = {}): Link {
  const sides = { crm: { ...record(id), key: `KH-${id}` } }
  return { id, entity: 'customer', sides, linked: false, trail: [], revision: 0, ...more }
}

function linkedOf(id: string, revision: number): Link {
  const sides = { ...linkOf(id).sides, accounting: { resource: 'AccountObjects', id: `a-${id}` } }
  return linkOf(id, { sides, linked: true, revision })
}

const hintOf = (recordId: string): WorkHint => ({ entity: 'customer', side: 'crm', resource: 'Customers', recordId })

test('links.save: one command, whatever is in it', async () => {
  const { links } = freshTenant()
  const twins = many.map((id) => linkOf(`twin-${id}`))
  expect(await sent(() => links.save(many.map((id) => ({ link: linkOf(id) }))))).toEqual(['insert'])
  await links.save(twins.map((link) => ({ link })))
  const mixed = many.map((id, index) => ({ link: linkOf(index % 2 ? id : `n${id}`, { revision: index % 2 }) }))
  expect(await sent(() => links.save(mixed))).toEqual(['update'])
  const linking = many.map((id, index) => ({ link: linkedOf(id, 1 + (index % 2)), replaces: `twin-${id}` }))
  expect(await sent(() => links.save(linking))).toEqual(['update', 'delete'])
  const allStale = await sent(() => links.save(many.map((id) => ({ link: linkedOf(id, 1) }))))
  expect(allStale).toEqual(['update', 'find'])
  expect(await sent(() => links.save([{ link: linkOf('1') }]))).toEqual(['insert'])
})

test('links: each way of reading is one command', async () => {
  const { links } = freshTenant()
  await links.save(many.map((id) => ({ link: linkOf(id, { match: [`crm|code=${id}`] }) })))
  expect(await sent(() => links.findByRecord('customer', 'crm', many.map(record)))).toEqual(['find'])
  expect(
    await sent(() =>
      links.findByKey(
        'customer',
        'crm',
        many.map((id) => `KH-${id}`),
      ),
    ),
  ).toEqual(['find'])
  expect(
    await sent(() =>
      links.findUnlinked(
        'customer',
        many.map((id) => `crm|code=${id}`),
      ),
    ),
  ).toEqual(['find'])
  expect(await sent(() => links.get(many))).toEqual(['find'])
  expect(await sent(() => links.page('customer', { limit: 300 }))).toEqual(['find'])
  expect(await sent(() => links.counts('customer'))).toEqual(['aggregate'])
  expect((await links.findByRecord('customer', 'crm', many.map(record))).length).toBe(300)
  expect(await sent(() => links.save([]))).toEqual([])
})

test('work: a constant number of commands', async () => {
  const { work } = freshTenant()
  const hints = many.map(hintOf)
  const settle = (to: (index: number) => WorkSettlement['to'], hintRevision: number) =>
    work.settle(
      hints.map((hint, index) => ({ id: workId(hint), hintRevision, to: to(index), key: hint })),
      20,
    )
  expect(await sent(() => work.add(hints, 10))).toEqual(['update'])
  expect(await sent(() => work.add(hints, 11))).toEqual(['update'])
  expect(await sent(() => work.due('customer', 300, 20))).toEqual(['find'])
  expect(await sent(() => settle(() => ({ state: 'waiting', waitingFor: ['k'] }), 2))).toEqual(['update'])
  expect(await sent(() => work.wake(many.concat('k'), 20))).toEqual(['update'])
  expect(await sent(() => settle(() => ({ state: 'blocked', failure }), 1))).toEqual(['update', 'update'])
  const mixed = await sent(() => settle((index) => (index % 2 ? { state: 'done' } : { state: 'accepted' }), 2))
  expect(mixed.sort()).toEqual(['delete', 'update'])
  expect(await sent(() => work.find(hints.map(workId)))).toEqual(['find'])
  expect(await sent(() => work.page({ states: ['accepted'] }, { limit: 300 }))).toEqual(['find'])
  expect(await sent(() => work.counts())).toEqual(['aggregate'])
  expect(await sent(() => work.nextDue(20))).toEqual(['find'])
  const even = hints.filter((_, index) => index % 2 === 0)
  const done = even.map((hint) => ({ id: workId(hint), hintRevision: 2, to: { state: 'done' } as const }))
  expect(await sent(() => work.settle(done, 30))).toEqual(['delete'])
  expect(await work.counts()).toEqual([])
})

test('journal: one command each', async () => {
  const { journal } = freshTenant()
  const entries = many.map((id): JournalEntry => {
    const write = { opId: id, resource: 'AccountObjects', operation: 'update', id, row: { Name: id } } as const
    const base = { entity: 'customer', system: 'accounting', state: 'intent', work: [], attempts: 0, at: 1 } as const
    return { id, ...base, write, link: linkOf(id) }
  })
  expect(await sent(() => journal.record(entries))).toEqual(['update'])
  const marks = many.map((id) => ({ id, state: 'inDoubt', at: 2 }) as const)
  expect(await sent(() => journal.mark(marks))).toEqual(['update'])
  expect(await sent(() => journal.find(many))).toEqual(['find'])
  expect(await sent(() => journal.open())).toEqual(['find'])
  const targets = many.map((id) => ({ resource: 'AccountObjects', id }))
  expect(await sent(() => journal.findByTarget('accounting', targets))).toEqual(['find'])
  expect(await sent(() => journal.count())).toEqual(['aggregate'])
  expect(await sent(() => journal.remove(many))).toEqual(['delete'])
})

test('inbox, cursors, runs, commands, state: one command each', async () => {
  const { inbox, cursors, runs, commands: requests, ...tenant } = freshTenant()
  const entry = { id: 'd', system: 'crm', hints: [], outcomes: [], receivedAt: 1 }
  expect(await sent(() => inbox.accept(entry))).toEqual(['insert'])
  expect(await sent(() => inbox.accept(entry))).toEqual(['insert'])
  expect(await sent(() => inbox.pending(9))).toEqual(['find'])
  expect(await sent(() => inbox.done(['d', 'e']))).toEqual(['update'])
  expect(await sent(() => cursors.set('s', '1'))).toEqual(['update'])
  expect(await sent(() => cursors.get('s'))).toEqual(['find'])
  expect(await sent(() => runs.save({ step: 1, state: 'pending', entities: {}, cursors: {} }))).toEqual(['update'])
  expect(await sent(() => runs.all())).toEqual(['find'])
  expect(await sent(() => requests.add({ id: 'c', kind: 'k', data: {}, createdAt: 1 }))).toEqual(['insert'])
  expect(await sent(() => requests.pending())).toEqual(['find'])
  expect(await sent(() => requests.update('c', { state: 'done' }))).toEqual(['update'])
  const store = opened.store.forTenant(tenant.tenant)
  expect(await sent(() => store.saveState({ phase: 'live', updatedAt: 1 }))).toEqual(['update'])
  expect(await sent(() => store.state())).toEqual(['find'])
})

test('leases and attention: the same for one tenant and for a hundred', async () => {
  const { leases, attention } = opened.store
  const names = many.slice(0, 100)
  expect(await sent(() => leases.acquire('0', 'one', 100, 1000))).toEqual(['findAndModify'])
  await Promise.all(names.map((tenant) => leases.acquire(tenant, 'one', 100, 1000)))
  const held = names.map((tenant) => ({ tenant, epoch: 1 }))
  expect(await sent(() => leases.renew(held, 'one', 100, 1010))).toEqual(['update'])
  expect(await sent(() => leases.renew([...held, { tenant: 'x', epoch: 1 }], 'one', 100, 1020))).toEqual([
    'update',
    'find',
  ])
  expect(await sent(() => leases.release('0', 'one'))).toEqual(['update'])
  expect(await sent(() => leases.serverTime())).toEqual(['hello'])
  expect(await sent(() => attention.tenantsWithNews(names))).toEqual(['aggregate', 'aggregate'])
})
