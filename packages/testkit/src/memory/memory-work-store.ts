import { workId } from '@amis-sync/core'
import type { WorkFilter, WorkHint, WorkItem, WorkSettlement, WorkState, WorkStore } from '@amis-sync/core'
import { byText, copy, without } from './copy.ts'

/** State and place in the queue are kept beside `awaitingOutcome`: an accepted item shows as accepted whatever hints come. */
interface StoredItem extends Omit<WorkItem, 'state' | 'notBefore'> {
  readonly state: WorkState
  readonly awaitingOutcome: boolean
  readonly notBefore?: number | undefined
}

type Settlement = WorkSettlement & { readonly key?: WorkHint }

/** Work items in memory. */
export class MemoryWorkStore implements WorkStore {
  readonly #items = new Map<string, StoredItem>()

  async add(hints: readonly WorkHint[], now: number): Promise<void> {
    for (const hint of hints) {
      const id = workId(hint)
      const item = this.#items.get(id) ?? newItem(id, hint, 0, now)
      const { observed, deleted } = copy(hint)
      this.#items.set(id, {
        ...readied(item, now),
        triggers: union(item.triggers, hint.triggers),
        pulledBy: union(item.pulledBy, hint.pulledBy),
        ...(observed === undefined ? {} : { observed }),
        ...(deleted === undefined ? {} : { deleted }),
        hintRevision: item.hintRevision + 1,
      })
    }
  }

  async due(entity: string, limit: number, now: number): Promise<WorkItem[]> {
    const since = ({ notBefore = Infinity }: StoredItem): number => notBefore
    return [...this.#items.values()]
      .filter((item) => item.entity === entity && since(item) <= now && !item.awaitingOutcome)
      .sort((a, b) => since(a) - since(b) || byText(a.id, b.id))
      .slice(0, limit)
      .map(toItem)
  }

  async nextDue(now: number): Promise<number | undefined> {
    const times = [...this.#items.values()].flatMap(({ state, notBefore }) =>
      state === 'failed' ? (notBefore ?? []) : [],
    )
    const later = times.filter((time) => time > now)
    return later.length === 0 ? undefined : Math.min(...later)
  }

  async settle(settlements: readonly Settlement[], now: number): Promise<void> {
    for (const { id, hintRevision, to, key } of copy(settlements)) {
      const item = this.#items.get(id) ?? (key && to.state !== 'done' ? newItem(id, key, hintRevision, now) : undefined)
      if (item === undefined) continue
      if (item.hintRevision !== hintRevision) this.#items.set(id, overtaken(item, to, now, key))
      else if (to.state === 'done') this.#items.delete(id)
      else this.#items.set(id, settled(item, to, now))
    }
  }

  async wake(keys: readonly string[], now: number): Promise<void> {
    const wanted = new Set(keys)
    for (const [id, item] of this.#items) {
      if (item.state !== 'waiting' || !item.waitingFor.some((key) => wanted.has(key))) continue
      this.#items.set(id, readied(item, now))
    }
  }

  async find(ids: readonly string[]): Promise<WorkItem[]> {
    return [...new Set(ids)].flatMap((id) => this.#items.get(id) ?? []).map(toItem)
  }

  async page(filter: WorkFilter, options: { readonly after?: string; readonly limit: number }): Promise<WorkItem[]> {
    const { after = '', limit } = options
    return [...this.#items.values()]
      .map(toItem)
      .filter(({ id, entity, state }) => id > after && (filter.entity ?? entity) === entity && hasState(filter, state))
      .sort((a, b) => byText(a.id, b.id))
      .slice(0, limit)
  }

  async counts(): Promise<{ entity: string; state: WorkState; count: number }[]> {
    const totals = new Map<string, { entity: string; state: WorkState; count: number }>()
    for (const { entity, state } of [...this.#items.values()].map(toItem)) {
      const key = `${entity}|${state}`
      totals.set(key, { entity, state, count: 1 + (totals.get(key)?.count ?? 0) })
    }
    return [...totals.values()]
  }
}

function hasState(filter: WorkFilter, state: WorkState): boolean {
  return filter.states === undefined || filter.states.includes(state)
}

function union(known: readonly string[], more: readonly string[] = []): string[] {
  return [...new Set([...known, ...more])]
}

function newItem(id: string, hint: WorkHint, hintRevision: number, now: number): StoredItem {
  const { triggers = [], pulledBy = [], ...rest } = copy(hint)
  const empty = { waitingFor: [], attempts: 0, awaitingOutcome: false }
  return { ...rest, id, state: 'ready', triggers, pulledBy, ...empty, createdAt: now, hintRevision }
}

/** Ready; the place in the queue is kept, the story of the last attempt is not. */
function readied(item: StoredItem, now: number): StoredItem {
  const notBefore = Math.min(item.notBefore ?? now, now)
  return { ...without(item, 'failure', 'conflict'), state: 'ready', waitingFor: [], notBefore }
}

function settled(item: StoredItem, to: Exclude<WorkSettlement['to'], { state: 'done' }>, now: number): StoredItem {
  const kept = without(item, 'failure', 'conflict', 'notBefore')
  return { ...kept, waitingFor: [], ...to, settledAt: now, awaitingOutcome: to.state === 'accepted' }
}

/** A newer hint came: ready, except that an accepted write's outcome is waited for first. */
function overtaken(item: StoredItem, to: WorkSettlement['to'], now: number, key: WorkHint | undefined): StoredItem {
  if (to.state === 'accepted') return { ...item, awaitingOutcome: true }
  const attempts = to.state === 'failed' ? to.attempts : to.state === 'done' ? 0 : item.attempts
  const asked = to.state === 'done' ? undefined : key
  const triggers = union(item.triggers, asked?.triggers)
  const pulledBy = union(item.pulledBy, asked?.pulledBy)
  return { ...readied(item, now), triggers, pulledBy, attempts, awaitingOutcome: false }
}

function toItem({ awaitingOutcome, notBefore = 0, ...item }: StoredItem): WorkItem {
  return copy({ ...item, state: awaitingOutcome ? 'accepted' : item.state, notBefore })
}
