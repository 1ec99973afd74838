import type {
  Command,
  CommandStore,
  CursorStore,
  Inbox,
  InboxEntry,
  Run,
  RunStore,
  TenantState,
  TenantStore,
} from '@amis-sync/core'
import { byText, copy } from './copy.ts'
import { MemoryDocumentStore } from './memory-document-store.ts'
import { MemoryJournal } from './memory-journal.ts'
import { MemoryLinkStore } from './memory-link-store.ts'
import { MemoryWorkStore } from './memory-work-store.ts'

const sevenDaysMs = 7 * 24 * 60 * 60 * 1000

/** Everything of one tenant, in memory. */
export class MemoryTenantStore implements TenantStore {
  readonly tenant: string
  readonly links = new MemoryLinkStore()
  readonly work = new MemoryWorkStore()
  readonly journal = new MemoryJournal()
  readonly cursors = new MemoryCursorStore()
  readonly inbox = new MemoryInbox()
  readonly runs = new MemoryRunStore()
  readonly commands = new MemoryCommandStore()
  readonly documents = new MemoryDocumentStore()
  #state: TenantState | undefined

  constructor(tenant: string) {
    this.tenant = tenant
  }

  async state(): Promise<TenantState | undefined> {
    return copy(this.#state)
  }

  async saveState(state: TenantState): Promise<void> {
    this.#state = copy(state)
  }
}

class MemoryCursorStore implements CursorStore {
  readonly #values = new Map<string, string>()

  async get(stream: string): Promise<string | undefined> {
    return this.#values.get(stream)
  }

  async set(stream: string, value: string): Promise<void> {
    this.#values.set(stream, value)
  }
}

class MemoryInbox implements Inbox {
  readonly #pending = new Map<string, InboxEntry>()
  /** Handled ids with the time of their delivery; forgotten when a delivery comes 7 days later. */
  readonly #handled = new Map<string, number>()

  async accept(entry: InboxEntry): Promise<'new' | 'seen'> {
    for (const [id, at] of this.#handled) if (entry.receivedAt - at > sevenDaysMs) this.#handled.delete(id)
    if (this.#pending.has(entry.id) || this.#handled.has(entry.id)) return 'seen'
    this.#pending.set(entry.id, copy(entry))
    return 'new'
  }

  async pending(limit: number): Promise<InboxEntry[]> {
    const oldestFirst = (a: InboxEntry, b: InboxEntry): number => a.receivedAt - b.receivedAt || byText(a.id, b.id)
    return [...this.#pending.values()].sort(oldestFirst).slice(0, limit).map(copy)
  }

  async done(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const entry = this.#pending.get(id)
      if (entry) this.#handled.set(id, entry.receivedAt)
      this.#pending.delete(id)
    }
  }
}

class MemoryRunStore implements RunStore {
  readonly #runs = new Map<number, Run>()

  async get(step: number): Promise<Run | undefined> {
    return copy(this.#runs.get(step))
  }

  async save(run: Run): Promise<void> {
    this.#runs.set(run.step, copy(run))
  }

  async all(): Promise<Run[]> {
    return [...this.#runs.values()].sort((a, b) => a.step - b.step).map(copy)
  }
}

class MemoryCommandStore implements CommandStore {
  readonly #commands = new Map<string, Command>()

  async add(command: Parameters<CommandStore['add']>[0]): Promise<void> {
    if (!this.#commands.has(command.id)) this.#commands.set(command.id, { ...copy(command), state: 'pending' })
  }

  async pending(): Promise<Command[]> {
    return [...this.#commands.values()]
      .filter(({ state }) => state === 'pending')
      .sort((a, b) => a.createdAt - b.createdAt || byText(a.id, b.id))
      .map(copy)
  }

  async update(id: string, change: Parameters<CommandStore['update']>[1]): Promise<void> {
    const command = this.#commands.get(id)
    if (command) this.#commands.set(id, { ...command, ...copy(change) })
  }

  async get(id: string): Promise<Command | undefined> {
    return copy(this.#commands.get(id))
  }
}
