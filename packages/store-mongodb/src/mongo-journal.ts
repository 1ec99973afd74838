import type { Journal, JournalEntry, SystemId } from '@amis-sync/core'
import { compact } from './documents.ts'
import type { JournalDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

/** Intended writes, one document each, removed when their outcome is settled. */
export class MongoJournal implements Journal {
  readonly #journal: TenantCollection<JournalDocument>

  constructor(journal: TenantCollection<JournalDocument>) {
    this.#journal = journal
  }

  async record(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return
    await this.#journal.bulk(
      entries.map((entry) => {
        const { id, system, state, session, at, write } = entry
        const target = write.id === undefined ? undefined : targetOf(write.resource, write.id)
        const body = compact({ system, state, session, at, target, entry: JSON.stringify(entry) } as JournalDocument)
        return this.#journal.replace(id, {}, body, { upsert: true })
      }),
    )
  }

  async mark(changes: Parameters<Journal['mark']>[0]): Promise<void> {
    if (changes.length === 0) return
    await this.#journal.bulk(
      changes.map(({ id, ...change }) =>
        this.#journal.update(id, {}, { $set: compact({ ...change }) }, { upsert: false }),
      ),
    )
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#journal.removeMany(this.#journal.ids(ids))
  }

  async find(ids: readonly string[]): Promise<JournalEntry[]> {
    return toEntries(await this.#journal.readByIds(ids))
  }

  async findByTarget(
    system: SystemId,
    targets: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<JournalEntry[]> {
    if (targets.length === 0) return []
    const wanted = targets.map(({ resource, id }) => targetOf(resource, id))
    return toEntries(await this.#journal.read({ system, target: { $in: wanted } }))
  }

  async open(filter: Parameters<Journal['open']>[0] = {}): Promise<JournalEntry[]> {
    const { system, state, before, limit } = filter
    const at = before === undefined ? undefined : { $lt: before }
    const options = { sort: { at: 1, _id: 1 }, ...(limit === undefined ? {} : { limit }) } as const
    return toEntries(await this.#journal.read(compact({ system, state, at }), options))
  }

  count(): Promise<number> {
    return this.#journal.count()
  }
}

function toEntries(documents: readonly JournalDocument[]): JournalEntry[] {
  return documents.map(({ entry, state, session, at }) => {
    const recorded = JSON.parse(entry) as JournalEntry
    return { ...recorded, state: state as JournalEntry['state'], at, ...(session === undefined ? {} : { session }) }
  })
}

function targetOf(resource: string, id: string): string {
  return `${resource}/${id}`
}
