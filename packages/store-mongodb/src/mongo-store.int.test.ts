import { isSyncError } from '@amis-sync/core'
import type { SyncError } from '@amis-sync/core'
import { connect, createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMongoStore } from './create-mongo-store.ts'
import { indexes } from './indexes.ts'
import { migrate } from './migrations.ts'
import { openTestDatabase } from './test-database.fixture.ts'
import type { TestDatabase } from './test-database.fixture.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase('store')
})
afterAll(() => database.close())

async function fault(work: Promise<unknown>): Promise<SyncError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isSyncError(error)) throw new Error(`no SyncError but ${inspect(error)}`)
  return error
}

describe('opening', () => {
  test('creates the indexes; opening again changes nothing', async () => {
    for (const round of [1, 2]) {
      const { close, ping } = await createMongoStore(database)
      await ping()
      await close()
      for (const [collection, list] of Object.entries(indexes)) {
        const names = (await database.db.collection(collection).indexes()).map(({ name }) => name)
        expect([round, new Set(names)]).toEqual([round, new Set(['_id_', ...list.map(({ name }) => name)])])
      }
    }
    expect(await database.db.collection('meta').findOne({ _id: 'schema' as never })).toMatchObject({ version: 1 })
  })

  test('each index starts with the tenant, except those by which the server forgets', () => {
    for (const { key, expireAfterSeconds } of Object.values(indexes).flat()) {
      if (expireAfterSeconds === undefined) expect(Object.keys(key)[0]).toBe('tenant')
    }
  })

  test('a database written by a newer version is refused', async () => {
    const meta = database.db.collection<{ _id: string; version: number }>('meta')
    await meta.updateOne({ _id: 'schema' }, { $set: { version: 99 } }, { upsert: true })
    const error = await fault(createMongoStore(database))
    expect(error).toMatchObject({ code: 'DATABASE_NEWER', kind: 'config' })
    await meta.updateOne({ _id: 'schema' }, { $set: { version: 1 } })
  })

  test('migrations run once each, in order, and again where one broke off', async () => {
    const ran: number[] = []
    let broken = true
    const step = (version: number) => ({
      version,
      name: `v${version}`,
      up: async () => {
        ran.push(version)
        if (version === 3 && broken) throw new Error('power cut')
      },
    })
    await expect(migrate(database.db, [step(1), step(2), step(3)])).rejects.toThrow('power cut')
    broken = false
    await migrate(database.db, [step(1), step(2), step(3)])
    await migrate(database.db, [step(1), step(2), step(3)])
    expect(ran).toEqual([2, 3, 3])
    await database.db.collection('meta').deleteMany({})
  })
})

describe('faults', () => {
  test('nobody listens: unreachable, with a way out, without the password', async () => {
    const uri = 'mongodb://amis:top-secret@127.0.0.1:1/x?serverSelectionTimeoutMS=100'
    const error = await fault(createMongoStore({ uri }))
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', kind: 'retriable' })
    expect(error.text.vi).toContain('MONGODB_URI')
    expect(inspect(error, { depth: 9 })).not.toContain('top-secret')
  })

  test.each([
    'mysql://amis:top-secret@host/x',
    'mongodb://amis:top-secret@host:port:2/x',
    'mongodb://amis:top-secret@/?x',
  ])('a malformed address (%#) is said to be one, without the password', async (uri) => {
    const error = await fault(createMongoStore({ uri }))
    expect(error).toMatchObject({ code: 'DATABASE_URI_INVALID', kind: 'config' })
    expect(inspect(error, { depth: 9 })).not.toContain('top-secret')
  })

  test('a connection that breaks is retriable, and the store recovers by itself', async () => {
    const proxy = await openProxy(database.uri)
    const { store, close } = await createMongoStore({ uri: proxy.uri, database: database.database })
    const { cursors } = store.forTenant('broken')
    await cursors.set('s', '1')
    proxy.refuse(true)
    expect(await fault(cursors.set('s', '2'))).toMatchObject({ code: 'DATABASE_UNREACHABLE', kind: 'retriable' })
    expect(await fault(cursors.get('s'))).toMatchObject({ code: 'DATABASE_UNREACHABLE', kind: 'retriable' })
    proxy.refuse(false)
    await cursors.set('s', '3')
    expect(await cursors.get('s')).toBe('3')
    await close()
    proxy.close()
  })

  test('a tenant name that could reach into another tenant is refused', async () => {
    const { store, close } = await createMongoStore(database)
    expect(() => store.forTenant('a|b')).toThrow('TENANT_NAME_INVALID')
    expect(() => store.forTenant('')).toThrow('TENANT_NAME_INVALID')
    await close()
  })
})

test('every document carries its tenant, in the id too', async () => {
  const { store, close } = await createMongoStore(database)
  const tenant = store.forTenant('acme')
  const key = { entity: 'customer', side: 'crm', resource: 'Customers', recordId: '1' }
  const link = {
    id: 'l',
    entity: 'customer',
    sides: { crm: { resource: 'Customers', id: '1' } },
    linked: false,
    trail: [],
    revision: 0,
  }
  const write = { opId: 'o', resource: 'AccountObjects', operation: 'create', row: {} } as const
  const failure = { code: 'X', kind: 'recordRejected', vi: 'x', en: 'x' } as const
  const to = { state: 'blocked', failure } as const
  await tenant.links.save([{ link }, { link: { ...link, id: 'm', sides: {} } }])
  await tenant.work.add([key], 1)
  await tenant.work.settle([{ id: 'customer|crm|Customers|2', hintRevision: 0, to, key: { ...key, recordId: '2' } }], 1)
  await tenant.journal.record([
    { id: 'o', entity: 'customer', system: 'accounting', state: 'intent', write, link, work: [], attempts: 0, at: 1 },
  ])
  await tenant.cursors.set('s', '1')
  await tenant.inbox.accept({ id: 'd', system: 'crm', hints: [], outcomes: [], receivedAt: 1 })
  await tenant.runs.save({ step: 1, state: 'pending', entities: {}, cursors: {} })
  await tenant.commands.add({ id: 'c', kind: 'k', data: {}, createdAt: 1 })
  await tenant.saveState({ phase: 'live', updatedAt: 1 })
  for (const name of ['links', 'work', 'journal', 'cursors', 'inbox', 'runs', 'commands', 'tenants']) {
    const documents = await database.db
      .collection<{ _id: string }>(name)
      .find({ _id: /^acme\|/ })
      .toArray()
    expect([name, documents.length]).toEqual([name, name === 'links' || name === 'work' ? 2 : 1])
    for (const document of documents) expect(document).toMatchObject({ tenant: 'acme' })
  }
  await close()
})

test('handled deliveries and finished commands carry the date by which the server removes them', async () => {
  const { store, close } = await createMongoStore(database)
  const { inbox, commands } = store.forTenant('dates')
  await inbox.accept({ id: 'd', system: 'crm', hints: [], outcomes: [], receivedAt: 1 })
  await inbox.done(['d'])
  await commands.add({ id: 'c', kind: 'k', data: {}, createdAt: 1 })
  await commands.update('c', { state: 'failed' })
  const id = (text: string) => ({ _id: `dates|${text}` as never })
  expect((await database.db.collection('inbox').findOne(id('d')))?.['handledAt']).toBeInstanceOf(Date)
  expect((await database.db.collection('commands').findOne(id('c')))?.['finishedAt']).toBeInstanceOf(Date)
  await close()
})

/** Passes bytes on to the server, until told to drop all connections. */
async function openProxy(uri: string) {
  const target = new URL(uri.replace(/^mongodb:/, 'http:'))
  const sockets = new Set<{ destroy(): void }>()
  let refusing = false
  const server = createServer((client) => {
    if (refusing) return void client.destroy()
    const upstream = connect(Number(target.port || 27017), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => (client.destroy(), upstream.destroy()))
    }
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dropAll = (): void => sockets.forEach((socket) => socket.destroy())
  const { port } = server.address() as { port: number }
  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=500`,
    refuse: (on: boolean): void => {
      refusing = on
      if (on) dropAll()
    },
    close: (): void => {
      dropAll()
      server.close()
    },
  }
}
