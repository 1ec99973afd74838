import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { lstatSync, rmSync } from 'node:fs'
import type { ListenAddress } from './address.ts'
import type { ServerState } from './commands/context.ts'
import { CursorRegistry } from './commands/cursor-registry.ts'
import { dispatch } from './commands/dispatch.ts'
import { EmbeddedMongoError } from './errors.ts'
import type { Store } from './storage/store.ts'
import { TtlSweep } from './ttl-sweep.ts'
import { serveConnection } from './wire/connection.ts'

export interface ServerTimings {
  readonly cursorTimeoutMs: number
  readonly ttlIntervalMs: number
}

/** The listening server over an open store. */
export class EmbeddedServer {
  readonly instanceId = randomUUID()
  private readonly store: Store
  private readonly cursors: CursorRegistry
  private readonly ttl: TtlSweep
  private readonly listener: Server
  private readonly sockets = new Set<Socket>()
  private address: ListenAddress

  constructor(store: Store, address: ListenAddress, timings: ServerTimings) {
    this.store = store
    this.address = address
    this.cursors = new CursorRegistry(timings.cursorTimeoutMs)
    this.ttl = new TtlSweep(store, timings.ttlIntervalMs)
    const state: ServerState = {
      store,
      cursors: this.cursors,
      instanceId: this.instanceId,
      startedAt: Date.now(),
      address: () => (this.address.kind === 'tcp' ? `${this.address.host}:${this.address.port}` : this.address.path),
      connectionCount: () => this.sockets.size,
      onTtlIndex: () => this.ttl.schedule(),
    }
    let lastConnectionId = 0
    this.listener = createServer((socket) => {
      const connectionId = ++lastConnectionId
      this.sockets.add(socket)
      serveConnection(
        socket,
        connectionId,
        (request, id) => dispatch(state, request, id),
        () => {
          this.sockets.delete(socket)
          this.cursors.closeConnection(connectionId)
        },
      )
    })
  }

  /** Resolves with the bound address, the real port included. */
  async listen(): Promise<ListenAddress> {
    const { address } = this
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.listener.once('error', reject)
    if (address.kind === 'unix') this.listener.listen({ path: address.path }, resolve)
    else this.listener.listen({ host: address.host, port: address.port }, resolve)
    try {
      await promise
    } catch (error) {
      throw listenError(address, error)
    }
    const bound = this.listener.address()
    if (address.kind === 'tcp' && typeof bound === 'object' && bound) this.address = { ...address, port: bound.port }
    return this.address
  }

  /** Ends all connections and closes the store. */
  async close(): Promise<void> {
    this.ttl.close()
    this.cursors.close()
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()))
    for (const socket of this.sockets) socket.destroy()
    await closed
    this.store.close()
  }
}

/** A socket file that a killed owner left behind blocks the next one; the data lock proves that nobody uses it. */
export function removeStaleSocket(address: ListenAddress): void {
  if (address.kind === 'unix' && lstatSync(address.path, { throwIfNoEntry: false })?.isSocket()) rmSync(address.path)
}

function listenError(address: ListenAddress, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause
  const place = address.kind === 'tcp' ? `127.0.0.1:${address.port}` : address.path
  return new EmbeddedMongoError(
    'EMBEDDED_MONGO_PORT_IN_USE',
    {
      vi: `Không thể lắng nghe ở ${place}: địa chỉ đang được chương trình khác dùng hoặc không được phép. Hãy chọn cổng khác, hoặc cổng 0 để tự chọn.`,
      en: `Cannot listen on ${place}: another program uses the address, or it is not permitted. Choose another port, or port 0 for any free one.`,
    },
    cause,
  )
}
