import type { Failure, TenantStore } from '@amis-sync/core'
import type { KeptFigure } from '../pure/figures.ts'

const kind = 'figure'
const stateKind = 'figure-state'
const pageSize = 1_000
const batch = 500

/** Where the figures of one entity stand. */
export interface FigureState {
  /** When the last complete snapshot was read (our clock); while nothing changes it is told up to ten minutes late. */
  readonly readAt?: number
  /** The server's time of that snapshot. */
  readonly asOf?: string
  /** Figures that it showed. */
  readonly count: number
  /** Not told to the other side because a record that they refer to is not linked. */
  readonly unlinked: number
  /** Still to be told to the other side, or refused by it. */
  readonly unsent: number
  /** A snapshot that is not believed (ST3): how much it lacks of what was known. Everything that it lacks stays as it was. */
  readonly held?: {
    readonly since: number
    readonly missing: number
    readonly known: number
    readonly failure: Failure
  }
  /** The reading fails, or rows are not understood. */
  readonly failure?: Failure
  /** The other side takes no figures now. */
  readonly refusal?: Failure
}

/** Figures of an entity, by id; with a prefix (it ends in `|`) those whose id begins so. */
export async function loadFigures(store: TenantStore, entity: string, prefix = ''): Promise<Map<string, KeptFigure>> {
  const all = new Map<string, KeptFigure>()
  const start = `${entity}|`
  let after: string | undefined
  for (;;) {
    const page = await store.documents.page(kind, {
      prefix: `${start}${prefix}`,
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    })
    for (const { id, value } of page) all.set(id.slice(start.length), value as KeptFigure)
    after = page.at(-1)?.id
    if (page.length < pageSize) return all
  }
}

export async function putFigures(
  store: TenantStore,
  entity: string,
  figures: readonly (readonly [string, KeptFigure])[],
): Promise<void> {
  for (let start = 0; start < figures.length; start += batch) {
    const some = figures.slice(start, start + batch)
    await store.documents.put(
      kind,
      some.map(([id, value]) => ({ id: `${entity}|${id}`, value })),
    )
  }
}

export async function readFigureState(store: TenantStore, entity: string): Promise<FigureState | undefined> {
  const [found] = await store.documents.get(stateKind, [entity])
  return found?.value as FigureState | undefined
}

export async function putFigureState(store: TenantStore, entity: string, state: FigureState): Promise<void> {
  await store.documents.put(stateKind, [{ id: entity, value: state }])
}
