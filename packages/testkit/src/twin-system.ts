import type {
  ChangePage,
  Connection,
  LateOutcome,
  Page,
  Row,
  RowOutcome,
  RowWrite,
  SystemId,
  WireRecord,
} from '@amis-sync/core'

/** What an in-memory twin of a system knows of one of its tables. */
export interface TwinResource {
  readonly idColumn: string
  readonly keyColumn: string
}

export interface TwinOptions {
  readonly system: SystemId
  readonly resources: Readonly<Record<string, TwinResource>>
  /** `immediate`: answers tell outcomes (CRM). `later`: they come through `outcomes()` (Accounting). */
  readonly outcomes: 'immediate' | 'later'
  /** Tables that can be read by id, which says plainly what is not there; where outcomes are immediate, by key, too. */
  readonly readable: readonly string[]
  /** Why a row is not deleted when we ask for it; undefined = it is. */
  readonly keeps?: (row: Row) => string | undefined
}

interface Stored {
  row: Record<string, unknown>
  version: number
}

/** How many calls of each kind were made, as a connection's peer would count them. */
export interface TwinCounts {
  reads: number
  writes: number
  rowsWritten: number
}

/**
 * One of the three systems, in memory, behind the `Connection` contract: for tests of the engine and for the simulation. It keeps rows,
 * versions and codes as the contract says, and has no clock, no network and no chance.
 */
export class TwinSystem {
  readonly #options: TwinOptions
  readonly #tables = new Map<string, Map<string, Stored>>()
  readonly #deleted: { resource: string; id: string; version: number }[] = []
  #version = 0
  #nextId = 0
  #pending: LateOutcome[] = []
  readonly counts: TwinCounts = { reads: 0, writes: 0, rowsWritten: 0 }
  /** Called before a write is done, and again before its answer is given; throwing there is a lost call, or a lost answer. */
  onWrite: (moment: 'before' | 'after', writes: readonly RowWrite[]) => void = () => undefined

  constructor(options: TwinOptions) {
    this.#options = options
    for (const name of Object.keys(options.resources)) this.#tables.set(name, new Map())
  }

  #table(resource: string): Map<string, Stored> {
    const table = this.#tables.get(resource)
    if (!table) throw new Error(`twin ${this.#options.system} has no ${resource}`)
    return table
  }

  /** As a person: creates or changes a row; returns its id. */
  put(resource: string, row: Row, id?: string): string {
    const { idColumn } = this.#options.resources[resource]!
    const table = this.#table(resource)
    const key = id ?? String((this.#nextId += 1))
    this.#version += 1
    table.set(key, { row: { ...table.get(key)?.row, ...row, [idColumn]: key }, version: this.#version })
    return key
  }

  remove(resource: string, id: string): void {
    this.#version += 1
    if (this.#table(resource).delete(id)) this.#deleted.push({ resource, id, version: this.#version })
  }

  rows(resource: string): Row[] {
    return [...this.#table(resource).values()].map(({ row }) => row)
  }

  /** Outcomes of queued writes, each once. */
  takeOutcomes(): LateOutcome[] {
    const outcomes = this.#pending
    this.#pending = []
    return outcomes
  }

  #record(resource: string, id: string, { row, version }: Stored): WireRecord {
    const key = row[this.#options.resources[resource]!.keyColumn]
    return { resource, id, ...(typeof key === 'string' ? { key } : {}), version: String(version), row: { ...row } }
  }

  #all(resource: string): WireRecord[] {
    return [...this.#table(resource)].map(([id, stored]) => this.#record(resource, id, stored))
  }

  #findByKey(resource: string, key: unknown): string | undefined {
    const { keyColumn } = this.#options.resources[resource]!
    const wanted = String(key).toLowerCase()
    for (const [id, { row }] of this.#table(resource)) if (String(row[keyColumn]).toLowerCase() === wanted) return id
    return undefined
  }

  #apply(write: RowWrite): RowOutcome {
    const { resource, row, opId } = write
    const { keyColumn } = this.#options.resources[resource]!
    const later = this.#options.outcomes === 'later'
    const sameKey = row[keyColumn] === undefined ? undefined : this.#findByKey(resource, row[keyColumn])
    const known = write.id !== undefined && this.#table(resource).has(write.id) ? write.id : undefined
    if (write.operation === 'delete') return this.#delete(write, known)
    if (write.operation === 'create' && sameKey !== undefined && !later) {
      const failure = { code: 'DUPLICATE', kind: 'recordRejected', vi: 'Trùng mã', en: 'Duplicate code' } as const
      return { opId, status: 'duplicate', failure }
    }
    if (write.operation === 'update' && known === undefined && sameKey === undefined) return { opId, status: 'missing' }
    const id = this.put(resource, row, known ?? sameKey ?? write.id)
    return { opId, status: 'applied', id }
  }

  #delete({ opId, resource }: RowWrite, id: string | undefined): RowOutcome {
    if (id === undefined) return { opId, status: 'missing' }
    const why = this.#options.keeps?.(this.#table(resource).get(id)!.row)
    if (why !== undefined) {
      const failure = { code: 'DOCUMENT_LOCKED', kind: 'needsPerson', vi: why, en: why } as const
      return { opId, id, status: 'rejected', failure }
    }
    this.remove(resource, id)
    return { opId, id, status: 'applied' }
  }

  connection(): Connection {
    const { system, resources, outcomes, readable } = this.#options
    const names = new Set(Object.keys(resources))
    const page = (records: WireRecord[], cursor: string | undefined): Page => {
      const start = Number(cursor ?? 0)
      const next = start + 100 < records.length ? { next: String(start + 100) } : {}
      const watermark = cursor === undefined ? { watermark: String(this.#version + 1) } : {}
      return { records: records.slice(start, start + 100), ...next, ...watermark, total: records.length }
    }
    const base: Connection = {
      system,
      check: async () => [],
      capabilities: async () => [],
      close: async () => undefined,
      changeFeeds: names,
      listPage: async ({ resource, cursor }) => {
        this.counts.reads += 1
        return page(this.#all(resource), cursor)
      },
      changesPage: async ({ resource, since, cursor }): Promise<ChangePage> => {
        this.counts.reads += 1
        const from = Number(since)
        const changed = this.#all(resource).filter((record) => Number(record.version) >= from)
        const deleted =
          cursor === undefined ? this.#deleted.filter((one) => one.resource === resource && one.version >= from) : []
        return { ...page(changed, cursor), deleted: deleted.map((one) => ({ ...one, version: String(one.version) })) }
      },
      batchSize: 100,
      outcomes,
      writeRows: async (writes) => {
        this.onWrite('before', writes)
        this.counts.writes += 1
        this.counts.rowsWritten += writes.length
        const results = writes.map((write) => ({ write, outcome: this.#apply(write) }))
        if (outcomes === 'later')
          for (const { write, outcome } of results) this.#pending.push(lateOutcome(write, outcome))
        this.onWrite('after', writes)
        if (outcomes === 'immediate') return results.map(({ outcome }) => outcome)
        return writes.map(({ opId }) => ({ opId, status: 'accepted', session: `s${this.counts.writes}` }))
      },
      ...(outcomes === 'later' ? { outcomeTimeoutMs: 1_000, outcomesSince: async () => this.takeOutcomes() } : {}),
    }
    if (readable.length === 0) return base
    return {
      ...base,
      readable: new Set(readable),
      absenceIsProof: new Set(outcomes === 'later' ? readable : []),
      readByIds: async (resource, ids) => {
        this.counts.reads += 1
        return this.#all(resource).filter((record) => ids.includes(record.id))
      },
      ...(outcomes === 'later' ? {} : { keyed: new Set(readable), readByKeys: this.#readByKeys }),
    }
  }

  readonly #readByKeys = async (resource: string, keys: readonly string[]): Promise<WireRecord[]> => {
    this.counts.reads += 1
    const ids = keys.map((key) => this.#findByKey(resource, key))
    return this.#all(resource).filter((record) => ids.includes(record.id))
  }
}

function lateOutcome(write: RowWrite, { status, id, failure }: RowOutcome): LateOutcome {
  return {
    opId: write.opId,
    resource: write.resource,
    ...(id === undefined ? {} : { id }),
    status: status === 'applied' || status === 'duplicate' || status === 'missing' ? status : 'rejected',
    ...(failure ? { failure } : {}),
  }
}
