import type { CursorStore, DocumentStore, Journal, JournalEntry, Run, RunStore, TenantStore } from '@amis-sync/core'

/** A tenant's store with some of its parts in place of the real ones. */
export function storeWith(
  store: TenantStore,
  parts: Partial<Pick<TenantStore, 'links' | 'work' | 'journal' | 'cursors' | 'runs' | 'documents'>>,
): TenantStore {
  const { tenant, links, work, journal, cursors, inbox, runs, commands, documents } = store
  return {
    tenant,
    links,
    work,
    journal,
    cursors,
    inbox,
    runs,
    commands,
    documents,
    ...parts,
    state: () => store.state(),
    saveState: (state) => store.saveState(state),
  }
}

/** Cursors of a plan: none of them moves a real one. */
export function memoryCursors(): CursorStore {
  const values = new Map<string, string>()
  return {
    get: async (stream) => values.get(stream),
    set: async (stream, value) => void values.set(stream, value),
  }
}

/** What the flow notes beside its links while a plan is made; nothing of it is kept. */
export function memoryDocuments(): DocumentStore {
  const kinds = new Map<string, Map<string, unknown>>()
  const of = (kind: string) => kinds.get(kind) ?? kinds.set(kind, new Map()).get(kind)!
  const found = (kind: string, prefix = '') =>
    [...of(kind)]
      .filter(([id]) => id.startsWith(prefix))
      .map(([id, value]) => ({ id, value }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    put: async (kind, documents) => {
      for (const { id, value } of documents) of(kind).set(id, value)
    },
    get: async (kind, ids) => ids.flatMap((id) => (of(kind).has(id) ? [{ id, value: of(kind).get(id) }] : [])),
    page: async (kind, { prefix, after = '', limit }) =>
      found(kind, prefix)
        .filter(({ id }) => id > after)
        .slice(0, limit),
    count: async (kind, prefix) => found(kind, prefix).length,
    remove: async (kind, ids) => {
      for (const id of ids) of(kind).delete(id)
    },
    clear: async (kind, prefix) => {
      for (const { id } of found(kind, prefix)) of(kind).delete(id)
    },
  }
}

/** The steps of a plan, or of its application: no run of the first sync is marked by them. */
export function memoryRuns(): RunStore {
  const runs = new Map<number, Run>()
  return {
    get: async (step) => runs.get(step),
    save: async (run) => void runs.set(run.step, run),
    all: async () => [...runs.values()],
  }
}

/** Writes of a plan, while they are settled. */
export function memoryJournal(): Journal & { readonly hasOpen: (link: string) => boolean } {
  const entries = new Map<string, JournalEntry>()
  const all = () => [...entries.values()]
  const links = () => new Set(all().map(({ link }) => link.id))
  let open: ReadonlySet<string> | undefined
  return {
    hasOpen: (link) => (open ??= links()).has(link),
    record: async (added) => {
      open = undefined
      for (const entry of added) entries.set(entry.id, entry)
    },
    mark: async (changes) => {
      for (const { id, ...change } of changes) {
        const entry = entries.get(id)
        if (entry) entries.set(id, { ...entry, ...change })
      }
    },
    remove: async (ids) => {
      open = undefined
      for (const id of ids) entries.delete(id)
    },
    find: async (ids) => ids.flatMap((id) => entries.get(id) ?? []),
    findByTarget: async (system, targets) =>
      all().filter(
        ({ system: at, write }) =>
          at === system && targets.some(({ resource, id }) => write.resource === resource && write.id === id),
      ),
    open: async () => all(),
    count: async () => entries.size,
  }
}

/** The journal, which tells what is recorded in it by way of this. */
export function tellingJournal(journal: Journal, tell: (entries: readonly JournalEntry[]) => void): Journal {
  return {
    record: async (entries) => {
      tell(entries)
      await journal.record(entries)
    },
    mark: (changes) => journal.mark(changes),
    remove: (ids) => journal.remove(ids),
    find: (ids) => journal.find(ids),
    findByTarget: (system, targets) => journal.findByTarget(system, targets),
    open: (filter) => journal.open(filter),
    count: () => journal.count(),
  }
}
