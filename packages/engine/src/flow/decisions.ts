import type { SystemId, TenantStore } from '@amis-sync/core'
import { deterministicId } from '../pure/deterministic-id.ts'

/** A record of one side. */
export interface SideRecord {
  readonly side: SystemId
  readonly resource: string
  readonly id: string
}

/**
 * What a person decided about two records (D5, CU6, C2). `wanted`: they are the same thing, to be linked. `linked`: they were.
 * `rejected`: they are not, for ever; also what a parted pair is.
 */
export interface PairDecision {
  readonly entity: string
  /** In the order of the plugin's sides. */
  readonly records: readonly [SideRecord, SideRecord]
  readonly state: 'wanted' | 'linked' | 'rejected'
  readonly by: string
  readonly at: number
  /** Whose value holds, field by field, and for all others that differ. */
  readonly choices?: Readonly<Record<string, SystemId>>
  readonly prefer?: SystemId
  /** What each side showed before they were linked. */
  readonly before?: Readonly<Record<SystemId, unknown>>
}

const kind = 'pair-decision'
const pageSize = 500

/** A record's name within its entity. */
export const nameOf = ({ side, resource, id }: SideRecord): string => `${side}:${resource}/${id}`

/** A pair's id: short enough to be typed, long enough to be one pair's. */
export function pairId(entity: string, [a, b]: readonly [SideRecord, SideRecord]): string {
  return deterministicId(entity, nameOf(a), nameOf(b)).replaceAll('-', '').slice(0, 12)
}

/** In memory: not worth a hash. */
function pairName(entity: string, [a, b]: readonly [SideRecord, SideRecord]): string {
  return `${entity}|${nameOf(a)}|${nameOf(b)}`
}

const storedId = (entity: string, id: string): string => `${entity}|${id}`

/** What was decided about the pair of this id. */
export async function decisionOf(store: TenantStore, entity: string, id: string): Promise<PairDecision | undefined> {
  const [found] = await store.documents.get(kind, [storedId(entity, id)])
  return found?.value as PairDecision | undefined
}

/** Decisions of one entity, in the order of their ids, after one of them. */
export async function decisionPage(
  store: TenantStore,
  entity: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<PairDecision[]> {
  const from = after === undefined ? {} : { after: storedId(entity, after) }
  const page = await store.documents.page(kind, { prefix: storedId(entity, ''), limit, ...from })
  return page.map(({ value }) => value as PairDecision)
}

/**
 * People's decisions about pairs. Kept in the store, and in memory while the engine lives: only the holder of the lease changes them.
 * Records with an open suggestion are remembered, too: nothing is created of them before somebody has looked (design §5).
 */
export class Decisions {
  readonly #store: TenantStore
  readonly #rejected = new Set<string>()
  readonly #wanted = new Map<string, PairDecision>()
  readonly #suggested = new Map<string, SideRecord[]>()
  #loaded: Promise<void> | undefined

  constructor(store: TenantStore) {
    this.#store = store
  }

  /** Once; a failure is tried again with the next call. `suggestions` gives the pairs that somebody should look at. */
  load(
    suggestions: () => AsyncIterable<{ readonly entity: string; readonly records: PairDecision['records'] }>,
  ): Promise<void> {
    this.#loaded ??= this.#read(suggestions).catch((error: unknown) => {
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }

  async #read(suggestions: Parameters<Decisions['load']>[0]): Promise<void> {
    let after: string | undefined
    for (;;) {
      const page = await this.#store.documents.page(kind, {
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      })
      for (const { value } of page) this.#remember(value as PairDecision)
      after = page.at(-1)?.id
      if (page.length < pageSize) break
    }
    for await (const { entity, records } of suggestions()) this.suggest(entity, records)
  }

  #remember(decision: PairDecision): void {
    const { entity, records, state } = decision
    const id = pairName(entity, records)
    this.#rejected.delete(id)
    for (const record of records) this.#wanted.delete(`${entity}|${nameOf(record)}`)
    if (state === 'rejected') this.#rejected.add(id)
    if (state === 'wanted') for (const record of records) this.#wanted.set(`${entity}|${nameOf(record)}`, decision)
  }

  get(entity: string, records: PairDecision['records']): Promise<PairDecision | undefined> {
    return decisionOf(this.#store, entity, pairId(entity, records))
  }

  /** What was decided about these pairs, asked for at once. */
  async find(
    pairs: readonly Pick<PairDecision, 'entity' | 'records'>[],
  ): Promise<(entity: string, records: PairDecision['records']) => PairDecision | undefined> {
    const ids = pairs.map(({ entity, records }) => storedId(entity, pairId(entity, records)))
    const found = ids.length === 0 ? [] : await this.#store.documents.get(kind, ids)
    const byId = new Map(found.map(({ id, value }) => [id, value as PairDecision]))
    return (entity, records) => byId.get(storedId(entity, pairId(entity, records)))
  }

  async put(decisions: readonly PairDecision[]): Promise<void> {
    if (decisions.length === 0) return
    await this.#store.documents.put(
      kind,
      decisions.map((value) => ({ id: storedId(value.entity, pairId(value.entity, value.records)), value })),
    )
    for (const decision of decisions) this.#remember(decision)
  }

  async remove(entity: string, records: PairDecision['records']): Promise<void> {
    await this.#store.documents.remove(kind, [storedId(entity, pairId(entity, records))])
    this.#remember({ entity, records, state: 'linked', by: '', at: 0 })
  }

  isRejected(entity: string, records: PairDecision['records']): boolean {
    return this.#rejected.has(pairName(entity, records))
  }

  /** The decision that this record is to be linked by. */
  wantedFor(entity: string, record: SideRecord): PairDecision | undefined {
    return this.#wanted.get(`${entity}|${nameOf(record)}`)
  }

  suggest(entity: string, records: PairDecision['records']): void {
    for (const [one, other] of [records, records.toReversed()] as [SideRecord, SideRecord][]) {
      const name = `${entity}|${nameOf(one)}`
      const known = this.#suggested.get(name)
      if (known) known.push(other)
      else this.#suggested.set(name, [other])
    }
  }

  /** The records that this one may be the same as, and nobody has decided yet. */
  suggestedFor(entity: string, record: SideRecord): readonly SideRecord[] {
    return this.#suggested.get(`${entity}|${nameOf(record)}`) ?? []
  }

  forgetSuggestions(entity: string, records?: PairDecision['records']): void {
    if (!records) {
      for (const name of this.#suggested.keys()) if (name.startsWith(`${entity}|`)) this.#suggested.delete(name)
      return
    }
    for (const [one, other] of [records, records.toReversed()] as [SideRecord, SideRecord][]) {
      const name = `${entity}|${nameOf(one)}`
      const left = this.suggestedFor(entity, one).filter((record) => nameOf(record) !== nameOf(other))
      if (left.length > 0) this.#suggested.set(name, left)
      else this.#suggested.delete(name)
    }
  }
}
