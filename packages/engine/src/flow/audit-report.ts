import type { Failure, Message, SystemId, TenantStore } from '@amis-sync/core'

const kind = 'audit'

/** Where one listing of an audit stands. */
export interface AuditStream {
  readonly cursor?: string
  readonly done: boolean
  readonly pages: number
  readonly rows: number
  /** How many the system says there are. */
  readonly total?: number
}

/** Deletions that no feed told and no listing proves well enough: nothing was done about them. */
export interface HeldDeletions {
  readonly side: SystemId
  readonly resource: string
  readonly count: number
  readonly why: Message
}

/** The latest audit of an entity: a full compare of both sides with what is known (design §4 Audit). Times in milliseconds since 1970. */
export interface AuditReport {
  readonly entity: string
  readonly state: 'running' | 'finished' | 'failed'
  readonly startedAt: number
  readonly finishedAt?: number
  readonly streams: Readonly<Record<string, AuditStream>>
  /** Rows that were compared; those that show what is known; those that differ, or were not known. */
  readonly compared: number
  readonly inStep: number
  readonly drift: number
  /** Records of the registry that their side does not have any more. */
  readonly gone: number
  /** Of `drift` and `gone`: settled when the audit ended. The others wait, or need a person. */
  readonly repaired: number
  readonly held: readonly HeldDeletions[]
  readonly failure?: Failure
}

/** A record, as far as an audit keeps it. */
export interface AuditedRecord {
  readonly side: SystemId
  readonly resource: string
  readonly id: string
}

export function newReport(entity: string, now: number): AuditReport {
  return {
    entity,
    state: 'running',
    startedAt: now,
    streams: {},
    compared: 0,
    inStep: 0,
    drift: 0,
    gone: 0,
    repaired: 0,
    held: [],
  }
}

/** The latest audit of each entity that had one. */
export async function auditReports(store: TenantStore): Promise<AuditReport[]> {
  const found = await store.documents.page(kind, { prefix: 'report|', limit: 1_000 })
  return found.map(({ value }) => value as AuditReport)
}

/** What an audit keeps of one entity: its report, and notes that let it go on after a crash. */
export class AuditNotes {
  readonly #store: TenantStore
  readonly #entity: string

  constructor(store: TenantStore, entity: string) {
    this.#store = store
    this.#entity = entity
  }

  async report(): Promise<AuditReport | undefined> {
    const [found] = await this.#store.documents.get(kind, [`report|${this.#entity}`])
    return found?.value as AuditReport | undefined
  }

  /** One write: the report, and with it what a page showed. */
  async save(report: AuditReport, notes: Readonly<Record<string, readonly unknown[]>> = {}): Promise<void> {
    await this.#store.documents.put(kind, [
      ...Object.entries(notes)
        .filter(([, values]) => values.length > 0)
        .map(([name, value]) => ({ id: `${this.#entity}|${name}`, value })),
      { id: `report|${this.#entity}`, value: report },
    ])
  }

  /** Everything that was noted under names that begin so (`seen|crm|Customers|`). */
  async read<T>(prefix: string): Promise<T[]> {
    const values: T[] = []
    let after: string | undefined
    for (;;) {
      const page = await this.#store.documents.page(kind, {
        prefix: `${this.#entity}|${prefix}`,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      })
      for (const { value } of page) values.push(...(value as T[]))
      after = page.at(-1)?.id
      if (page.length < 200) return values
    }
  }

  /** Forgets the notes under these names; without a name all of them. */
  async clear(prefix = ''): Promise<void> {
    await this.#store.documents.clear(kind, `${this.#entity}|${prefix}`)
  }
}
