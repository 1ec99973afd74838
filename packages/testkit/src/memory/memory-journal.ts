import type { Journal, JournalEntry, SystemId } from '@amis-sync/core'
import { byText, copy } from './copy.ts'

/** Intended writes in memory. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, JournalEntry>()

  async record(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) this.#entries.set(entry.id, copy(entry))
  }

  async mark(changes: Parameters<Journal['mark']>[0]): Promise<void> {
    for (const change of changes) {
      const entry = this.#entries.get(change.id)
      if (entry) this.#entries.set(change.id, { ...entry, ...copy(change) })
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#entries.delete(id)
  }

  async find(ids: readonly string[]): Promise<JournalEntry[]> {
    return [...new Set(ids)].flatMap((id) => copy(this.#entries.get(id)) ?? [])
  }

  async findByTarget(
    system: SystemId,
    targets: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<JournalEntry[]> {
    const wanted = new Set(targets.map(({ resource, id }) => `${resource}/${id}`))
    return [...this.#entries.values()]
      .filter((entry) => entry.system === system && wanted.has(`${entry.write.resource}/${entry.write.id}`))
      .map(copy)
  }

  async open(filter: Parameters<Journal['open']>[0] = {}): Promise<JournalEntry[]> {
    const { system, state, before = Infinity, limit } = filter
    return [...this.#entries.values()]
      .filter((entry) => (system ?? entry.system) === entry.system && (state ?? entry.state) === entry.state)
      .filter((entry) => entry.at < before)
      .sort((a, b) => a.at - b.at || byText(a.id, b.id))
      .slice(0, limit)
      .map(copy)
  }

  async count(): Promise<number> {
    return this.#entries.size
  }
}
