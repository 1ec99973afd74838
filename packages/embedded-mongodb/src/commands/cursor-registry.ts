import { randomInt } from 'node:crypto'
import { Long } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { maxBsonObjectSize } from '../bson/codec.ts'
import { RawDocumentList } from '../bson/raw-reply.ts'
import { CommandError } from '../errors.ts'

/** Yields encoded result documents. */
export type DocumentSource = Iterator<Buffer>

interface OpenCursor {
  readonly namespace: string
  readonly source: DocumentSource
  readonly connectionId: number
  /** A document that did not fit into the last batch. */
  held: Buffer | undefined
  lastUsed: number
}

/** Without `batchSize` the first batch holds this many documents, as MongoDB's does. */
export const firstBatchSize = 101

/** Open cursors of all connections. A cursor ends when exhausted, killed, unused for ten minutes, or with its connection. */
export class CursorRegistry {
  private readonly cursors = new Map<string, OpenCursor>()
  private readonly timeoutMs: number
  private timer: NodeJS.Timeout | undefined

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs
  }

  get size(): number {
    return this.cursors.size
  }

  /** Builds the `cursor` field of a `find` or `aggregate` reply, and keeps a cursor when there is more. */
  open(
    namespace: string,
    source: DocumentSource,
    connectionId: number,
    batchSize: number,
    singleBatch: boolean,
  ): BsonDocument {
    const cursor: OpenCursor = { namespace, source, connectionId, held: undefined, lastUsed: Date.now() }
    const { documents, done } = takeBatch(cursor, batchSize)
    let id = Long.ZERO
    if (!done && !singleBatch) {
      id = Long.fromNumber(randomInt(1, 2 ** 47))
      this.cursors.set(id.toString(), cursor)
      this.scheduleSweep()
    }
    return { firstBatch: new RawDocumentList(documents), id, ns: namespace }
  }

  /** The `cursor` field of a `getMore` reply. */
  next(id: Long, namespace: string, batchSize: number | undefined): BsonDocument {
    const cursor = this.cursors.get(id.toString())
    if (!cursor || cursor.namespace !== namespace)
      throw new CommandError('CursorNotFound', `cursor id ${id.toString()} not found`)
    cursor.lastUsed = Date.now()
    try {
      const { documents, done } = takeBatch(cursor, batchSize ?? Number.POSITIVE_INFINITY)
      if (done) this.cursors.delete(id.toString())
      return { nextBatch: new RawDocumentList(documents), id: done ? Long.ZERO : id, ns: namespace }
    } catch (error) {
      this.cursors.delete(id.toString())
      throw error
    }
  }

  /** Returns whether the cursor existed. */
  kill(id: Long): boolean {
    return this.cursors.delete(id.toString())
  }

  closeConnection(connectionId: number): void {
    for (const [id, cursor] of this.cursors) if (cursor.connectionId === connectionId) this.cursors.delete(id)
  }

  close(): void {
    this.cursors.clear()
    clearTimeout(this.timer)
  }

  /** A timer runs only while cursors are open: an idle server wakes up for nothing. */
  private scheduleSweep(): void {
    if (this.timer || this.cursors.size === 0) return
    this.timer = setTimeout(
      () => {
        this.timer = undefined
        const oldest = Date.now() - this.timeoutMs
        for (const [id, cursor] of this.cursors) if (cursor.lastUsed < oldest) this.cursors.delete(id)
        this.scheduleSweep()
      },
      Math.max(this.timeoutMs / 4, 10),
    ).unref()
  }
}

/** Takes up to `batchSize` documents, and no more bytes than one reply may hold. */
function takeBatch(cursor: OpenCursor, batchSize: number): { documents: Buffer[]; done: boolean } {
  const documents: Buffer[] = []
  let bytes = 0
  while (documents.length < batchSize) {
    const document = cursor.held ?? nextDocument(cursor.source)
    cursor.held = undefined
    if (!document) return { documents, done: true }
    if (documents.length > 0 && bytes + document.length > maxBsonObjectSize) {
      cursor.held = document
      return { documents, done: false }
    }
    documents.push(document)
    bytes += document.length
  }
  // Looking one document ahead saves the client a last, empty getMore.
  if (batchSize > 0) cursor.held = nextDocument(cursor.source)
  return { documents, done: batchSize > 0 && !cursor.held }
}

function nextDocument(source: DocumentSource): Buffer | undefined {
  const step = source.next()
  return step.done ? undefined : step.value
}
