import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode, encode } from '../bson/codec.ts'
import type { BsonDocument } from '../bson/codec.ts'
import type { TestDatabase } from '../test-database.fixture.ts'
import { openTestDatabase } from '../test-database.fixture.ts'
import { crc32c } from './crc32c.ts'
import { encodeCommand, headerSize } from './message.ts'
import { MessageFramer } from './message-framer.ts'

let test: TestDatabase
let port: number
beforeAll(async () => {
  test = await openTestDatabase()
  port = Number(new URL(test.server.uri).port)
})
afterAll(() => test.close())

async function connect(): Promise<Socket> {
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends bytes and waits until the server ends the connection. */
async function isRefused(bytes: Buffer): Promise<boolean> {
  const socket = await connect()
  const closed = once(socket, 'close')
  socket.resume().write(bytes)
  await closed
  return true
}

async function nextReply(socket: Socket, skip = headerSize + 5): Promise<BsonDocument> {
  const framer = new MessageFramer()
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const [message] = framer.push(chunk as Buffer)
    if (message) return decode(message.subarray(skip))
  }
  throw new Error('The connection ended without a reply')
}

const ping = (): Buffer => encodeCommand(encode({ ping: 1, $db: 'admin' }), 7)

function patched(change: (message: Buffer) => void): Buffer {
  const message = ping()
  change(message)
  return message
}

describe('wire protocol', () => {
  it.each<[string, Buffer]>([
    ['a negative length', patched((m) => m.writeInt32LE(-1, 0))],
    ['a length below the header', patched((m) => m.writeInt32LE(8, 0))],
    ['more than 48 MB', patched((m) => m.writeInt32LE(48_000_001, 0))],
    ['an unknown opcode', patched((m) => m.writeInt32LE(4242, 12))],
    ['OP_COMPRESSED', patched((m) => m.writeInt32LE(2012, 12))],
    ['an unknown required flag', patched((m) => m.writeUInt32LE(1 << 5, headerSize))],
    ['an unknown section', patched((m) => m.writeUInt8(9, headerSize + 4))],
    ['a document longer than its message', patched((m) => m.writeInt32LE(1000, headerSize + 5))],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('closes the connection on %s', async (_name, bytes) => {
    expect(await isRefused(bytes)).toBe(true)
    expect(await test.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
  })

  it('survives arbitrary bytes, also behind a valid header', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (garbage, framed) => {
        const socket = await connect()
        const closed = once(socket, 'close')
        socket.resume()
        if (framed) {
          const header = Buffer.alloc(headerSize)
          header.writeInt32LE(headerSize + garbage.length, 0)
          header.writeInt32LE(2013, 12)
          socket.write(header)
        }
        socket.end(garbage)
        await closed
      }),
      { numRuns: 100 },
    )
    expect(await test.db.command({ ping: 1 })).toMatchObject({ ok: 1 })
  })

  it('answers malformed BSON inside a command with an error', async () => {
    const socket = await connect()
    const body = encode({ find: 'x', $db: 'test' })
    body[4] = 0x55
    socket.write(encodeCommand(body, 1))
    expect(await nextReply(socket)).toMatchObject({ code: { value: 22 } })
    socket.destroy()
  })

  it('reads messages in single bytes and several in one piece', async () => {
    const socket = await connect()
    for (const byte of ping()) socket.write(Buffer.from([byte]))
    expect(await nextReply(socket)).toMatchObject({ ok: { value: 1 } })
    const answered = nextReply(socket)
    socket.write(Buffer.concat([ping(), ping(), ping()]))
    await answered
    socket.destroy()
  })

  it('answers OP_QUERY isMaster with OP_REPLY', async () => {
    const body = encode({ isMaster: 1, helloOk: true })
    const namespace = Buffer.from('admin.$cmd\0')
    const message = Buffer.alloc(headerSize + 4 + namespace.length + 8 + body.length)
    message.writeInt32LE(message.length, 0)
    message.writeInt32LE(2004, 12)
    namespace.copy(message, headerSize + 4)
    message.writeInt32LE(-1, headerSize + 4 + namespace.length + 4)
    body.copy(message, headerSize + 4 + namespace.length + 8)
    const socket = await connect()
    socket.write(message)
    expect(await nextReply(socket, headerSize + 20)).toMatchObject({ ismaster: true, helloOk: true, ok: { value: 1 } })
    socket.destroy()
  })

  it('reads document sequences, checks checksums and sends nothing for moreToCome', async () => {
    const body = encode({ insert: 'sequences', $db: 'test' })
    const documents = [encode({ _id: 1 }), encode({ _id: 2 })]
    const name = Buffer.from('documents\0')
    const size = 4 + name.length + documents[0]!.length * 2
    const sequence = Buffer.concat([Buffer.from([1]), Buffer.alloc(4), name, ...documents])
    sequence.writeInt32LE(size, 1)
    const unsigned = Buffer.concat([encodeCommand(body, 9), sequence])
    unsigned.writeUInt32LE(1 | 2, headerSize)
    unsigned.writeInt32LE(unsigned.length + 4, 0)
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32LE(crc32c(unsigned))
    const socket = await connect()
    socket.write(Buffer.concat([unsigned, checksum, ping()]))
    expect(await nextReply(socket)).toEqual({ ok: expect.objectContaining({ value: 1 }) })
    expect(await test.db.collection('sequences').countDocuments()).toBe(2)
    checksum[0]! ^= 1
    expect(await isRefused(Buffer.concat([unsigned, checksum]))).toBe(true)
    socket.destroy()
  })

  it('ends the cursors of a closed connection and of idle ones', async () => {
    const idle = await openTestDatabase({ cursorTimeoutMs: 40 })
    const collection = idle.collection()
    await collection.insertMany(Array.from({ length: 10 }, () => ({})))
    const openCursors = async (): Promise<number> =>
      (await idle.db.command({ serverStatus: 1 }))['metrics'].cursor.open.total
    const cursor = collection.find().batchSize(2)
    await cursor.next()
    expect(await openCursors()).toBe(1)
    await expect.poll(openCursors).toBe(0)
    await idle.close()
    const socket = await connect()
    await test.db.collection('some').insertMany([{}, {}, {}])
    socket.write(encodeCommand(encode({ find: 'some', batchSize: 1, $db: 'test' }), 1))
    await nextReply(socket)
    const total = async (): Promise<number> => (await test.db.command({ serverStatus: 1 }))['metrics'].cursor.open.total
    expect(await total()).toBe(1)
    socket.destroy()
    await expect.poll(total).toBe(0)
  })
})
