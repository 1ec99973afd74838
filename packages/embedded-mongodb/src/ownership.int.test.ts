import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedMongo } from './start.ts'

let dataDir: string
const children: ChildProcess[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'embedded-mongodb-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

interface Served {
  readonly child: ChildProcess
  readonly uri: string
  readonly owned: boolean
}

/** Runs `serve.ts` as the product would, and waits for its line. */
async function serve(...extra: string[]): Promise<Served> {
  const script = join(import.meta.dirname, 'serve.ts')
  const child = spawn(process.execPath, ['--conditions=@amis-sync/source', script, '--data', dataDir, ...extra], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, ...(JSON.parse(line) as { uri: string; owned: boolean }) }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

describe('durability', () => {
  it('keeps every acknowledged write through kill -9 at arbitrary moments, with indexes that agree', async () => {
    let acknowledged = 0
    for (let round = 0; round < 4; round++) {
      const { child, uri, owned } = await serve()
      expect(owned).toBe(true)
      const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500 })
      const collection = client.db('test').collection('log')
      if (round === 0) await collection.createIndex({ n: 1 }, { unique: true })
      await client.db('test').command({ ping: 1 })
      const ended = once(child, 'exit')
      setTimeout(() => child.kill('SIGKILL'), 100 + round * 60)
      try {
        for (;;) {
          await collection.insertMany([{ n: acknowledged }, { n: acknowledged + 1 }])
          acknowledged += 2
        }
      } catch {
        await ended
      }
      await client.close(true)
      const check = await startEmbeddedMongo({ dataDir })
      const reader = new MongoClient(check.uri)
      const stored = reader.db('test').collection('log')
      const numbers = (
        await stored
          .find({ n: { $gte: 0 } })
          .sort({ n: 1 })
          .toArray()
      ).map((document) => document['n'] as number)
      // The last insert may have been committed without its acknowledgement arriving, but as a whole or not at all.
      expect([acknowledged, acknowledged + 2]).toContain(numbers.length)
      expect(numbers).toEqual(numbers.map((_, index) => index))
      expect(await stored.countDocuments()).toBe(numbers.length)
      acknowledged = numbers.length
      await reader.close()
      await check.close()
    }
    expect(acknowledged).toBeGreaterThan(8)
  })

  it('keeps data over a normal restart, and offers durability against power loss', async () => {
    for (const durability of ['process', 'power'] as const) {
      const server = await startEmbeddedMongo({ dataDir, durability })
      const client = new MongoClient(server.uri)
      await client.db('test').collection('c').insertOne({ durability })
      await client.close()
      await server.close()
    }
    const server = await startEmbeddedMongo({ dataDir })
    const client = new MongoClient(server.uri)
    expect(await client.db('test').collection('c').distinct('durability')).toEqual(['power', 'process'])
    await client.close()
    await server.close()
  })
})

describe('ownership', () => {
  it('joins a live owner, in this process or another, and takes over from a killed one', async () => {
    const { child, uri } = await serve()
    const joined = await startEmbeddedMongo({ dataDir })
    expect(joined).toMatchObject({ uri, owned: false })
    await joined.close()
    await kill(child, 'SIGKILL')
    const owner = await startEmbeddedMongo({ dataDir })
    expect(owner.owned).toBe(true)
    const second = await startEmbeddedMongo({ dataDir })
    expect(second).toMatchObject({ uri: owner.uri, owned: false })
    await second.close()
    await owner.close()
    await owner.close()
    expect((await serve()).owned).toBe(true)
  })

  it('lets exactly one of several simultaneous starters own the directory', async () => {
    const stale = await serve()
    await kill(stale.child, 'SIGKILL')
    const started = await Promise.all([
      serve(),
      serve(),
      startEmbeddedMongo({ dataDir }),
      startEmbeddedMongo({ dataDir }),
    ])
    expect(started.filter(({ owned }) => owned)).toHaveLength(1)
    expect(new Set(started.map(({ uri }) => uri)).size).toBe(1)
    for (const one of started) if ('close' in one) await one.close()
  })

  it('says so when the owner does not answer', async () => {
    const owner = await serve()
    owner.child.kill('SIGSTOP')
    await expect(startEmbeddedMongo({ dataDir, ownerTimeoutMs: 200 })).rejects.toMatchObject({
      code: 'EMBEDDED_MONGO_OWNER_SILENT',
      messages: {
        vi: expect.stringContaining(`pid ${owner.child.pid}`),
        en: expect.stringContaining('does not answer'),
      },
    })
  })

  it('does not mistake another server at the recorded address for the owner', async () => {
    const owner = await startEmbeddedMongo({ dataDir })
    const other = await startEmbeddedMongo({ dataDir: ':memory:' })
    const port = Number(new URL(other.uri).port)
    writeFileSync(
      join(dataDir, 'owner.json'),
      JSON.stringify({ instanceId: 'x', pid: 1, address: { kind: 'tcp', host: '127.0.0.1', port } }),
    )
    await expect(startEmbeddedMongo({ dataDir, ownerTimeoutMs: 100 })).rejects.toMatchObject({
      code: 'EMBEDDED_MONGO_OWNER_SILENT',
    })
    await other.close()
    await owner.close()
  })
})

describe('addresses', () => {
  it('refuses to listen beyond the machine, and reports a taken port', async () => {
    await expect(startEmbeddedMongo({ dataDir, host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'EMBEDDED_MONGO_ADDRESS_REFUSED',
    })
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as AddressInfo
    await expect(startEmbeddedMongo({ dataDir, port })).rejects.toMatchObject({ code: 'EMBEDDED_MONGO_PORT_IN_USE' })
    blocker.close()
    const server = await startEmbeddedMongo({ dataDir, port: 0 })
    expect(server.owned).toBe(true)
    await server.close()
  })

  it('listens on a unix socket, also over the file of a killed owner', async () => {
    const socketPath = join(dataDir, 'db.sock')
    const first = await serve('--socket', socketPath)
    await kill(first.child, 'SIGKILL')
    const { uri, child } = await serve('--socket', socketPath)
    const client = new MongoClient(uri)
    expect(await client.db('test').command({ ping: 1 })).toMatchObject({ ok: 1 })
    await client.close()
    await kill(child, 'SIGTERM')
  })

  it('reports unreadable data', async () => {
    writeFileSync(join(dataDir, 'data.sqlite'), 'this is no database, and long enough to be sure of it'.repeat(100))
    await expect(startEmbeddedMongo({ dataDir })).rejects.toMatchObject({ code: 'EMBEDDED_MONGO_DATA_UNREADABLE' })
  })

  it('starts in memory in less than 50 ms', async () => {
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      const start = performance.now()
      const server = await startEmbeddedMongo({ dataDir: ':memory:' })
      times.push(performance.now() - start)
      await server.close()
    }
    expect(Math.min(...times)).toBeLessThan(50)
  })
})
