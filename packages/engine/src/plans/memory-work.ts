import { type WorkHint, type WorkItem, type WorkState, type WorkStore, workId } from '@amis-sync/core'

type Settlement = Parameters<WorkStore['settle']>[0][number]

/** States that a person or time changes: they end the item's way through a plan. */
const ends: ReadonlySet<WorkState> = new Set(['conflict', 'parked', 'blocked', 'failed'])

const linkKey = 'link|'
const linkOf = (key: string) => key.slice(linkKey.length)

/** Nothing was sent, since the connection stopped: whoever goes through the records comes back to them. */
function isTakenBack(to: Settlement['to'], now: number): boolean {
  return to.state === 'failed' && to.notBefore <= now
}

/**
 * The work that a plan makes, or its application: what goes along, and what waits for it. It lives as long as they do, and rows of
 * records that can be read again are not in it. `onEnd` is told what came to a bad end.
 */
export class MemoryWork implements WorkStore {
  readonly #items = new Map<string, WorkItem>()
  readonly #onEnd: (settlements: readonly Settlement[]) => Promise<void>

  constructor(onEnd: (settlements: readonly Settlement[]) => Promise<void> = async () => undefined) {
    this.#onEnd = onEnd
  }

  async add(hints: readonly WorkHint[], now: number): Promise<void> {
    for (const hint of hints) {
      const id = workId(hint)
      const before = this.#items.get(id)
      const { triggers = [], pulledBy = [], ...key } = hint
      this.#items.set(id, {
        ...before,
        ...key,
        id,
        state: 'ready',
        triggers: [...new Set([...(before?.triggers ?? []), ...triggers])],
        pulledBy: [...new Set([...(before?.pulledBy ?? []), ...pulledBy])],
        attempts: 0,
        notBefore: now,
        waitingFor: [],
        createdAt: before?.createdAt ?? now,
        hintRevision: (before?.hintRevision ?? 0) + 1,
      })
    }
  }

  async due(entity: string, limit: number): Promise<WorkItem[]> {
    const ready: WorkItem[] = []
    for (const item of this.#items.values()) {
      if (item.entity === entity && item.state === 'ready') ready.push(item)
      if (ready.length === limit) break
    }
    return ready
  }

  async nextDue(): Promise<undefined> {
    return undefined
  }

  async settle(settlements: readonly Settlement[], now: number): Promise<void> {
    for (const { id, hintRevision, to, key } of settlements) {
      if (to.state === 'waiting' && !this.#items.has(id) && key) await this.add([key], now)
      const item = this.#items.get(id)
      if (!item || item.hintRevision > Math.max(1, hintRevision)) continue
      if (to.state === 'waiting') this.#items.set(id, { ...item, ...to })
      else this.#items.delete(id)
    }
    await this.#onEnd(
      settlements.filter(({ to }) => to.state !== 'done' && ends.has(to.state) && !isTakenBack(to, now)),
    )
  }

  async wake(keys: readonly string[]): Promise<void> {
    const wanted = new Set(keys)
    this.#wakeWhere(({ waitingFor }) => waitingFor.some((key) => wanted.has(key)))
  }

  /** Everything that waits looks again. */
  wakeAll(): void {
    this.#wakeWhere(() => true)
  }

  /** Records that something waits for because they are being written. */
  waitedLinks(): string[] {
    const waiting = [...this.#items.values()].filter(({ state }) => state === 'waiting')
    return waiting.flatMap(({ waitingFor }) => waitingFor.filter((key) => key.startsWith(linkKey)).map(linkOf))
  }

  #wakeWhere(matches: (item: WorkItem) => boolean): void {
    for (const [id, item] of this.#items) {
      if (item.state === 'waiting' && matches(item)) this.#items.set(id, { ...item, state: 'ready', waitingFor: [] })
    }
  }

  async find(ids: readonly string[]): Promise<WorkItem[]> {
    return ids.flatMap((id) => this.#items.get(id) ?? [])
  }

  async page(): Promise<WorkItem[]> {
    return [...this.#items.values()]
  }

  async counts(): Promise<{ entity: string; state: WorkState; count: number }[]> {
    const groups = Map.groupBy(this.#items.values(), ({ entity, state }) => `${entity}|${state}`)
    return [...groups.values()].map((items) => ({
      entity: items[0]!.entity,
      state: items[0]!.state,
      count: items.length,
    }))
  }
}
