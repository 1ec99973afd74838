import type { WorkHint, WorkItem, WorkState } from '@amis-sync/core'
import { type FailureFilter, failedRecords, isNamed } from '../answers/failures.ts'
import { pagesOf } from '../answers/named-work.ts'
import { recoverOverdue } from '../flow/outcomes.ts'
import { shortId } from '../pure/short-id.ts'
import { settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'

/** `failures` and `blocked` are two desks: each retries its own. */
export type RetryRequest =
  | ({ readonly what: 'failures' } & FailureFilter)
  | { readonly what: 'blocked'; readonly entity?: string; readonly ids?: readonly string[] }

export interface Retried {
  readonly asked: number
  /** How many of the first records that were asked got through, failed again, or wait their turn. */
  readonly done: number
  readonly again: number
  readonly open: number
}

/** So many are waited for; the others go on by themselves. */
const mostWatched = 500

/** Makes work ready at once. It changes nothing else: what is written carries the same idempotency keys. */
export async function retryWork(host: DeskHost, request: RetryRequest): Promise<Retried> {
  const { store, clock, connections } = host.context
  const watched: string[] = []
  let asked = 0
  let batch: WorkItem[] = []
  const flush = async () => {
    if (batch.length > 0) await store.work.add(batch.map(hintOf), clock.now())
    batch = []
  }
  for await (const items of chosen(host, request)) {
    asked += items.length
    watched.push(...items.slice(0, mostWatched - watched.length).map(({ id }) => id))
    batch.push(...items.filter(({ state }) => state !== 'accepted'))
    if (batch.length >= 500) await flush()
  }
  await flush()
  if (request.what === 'failures') for (const system of connections.keys()) await recoverOverdue(host.context, system)
  host.wake()
  const left = await settledWork(host, { work: watched, links: [] })
  const count = (...states: WorkState[]) => left.filter(({ state }) => states.includes(state)).length
  const open = count('ready', 'accepted')
  return { asked, done: watched.length - left.length, again: left.length - open, open }
}

async function* chosen({ context }: DeskHost, request: RetryRequest): AsyncGenerator<WorkItem[]> {
  const { store, plugins, clock } = context
  const { entity, ids } = request
  if (request.what === 'blocked') {
    const filter = { states: ['blocked'] as const, ...(entity === undefined ? {} : { entity }) }
    for await (const page of pagesOf(store, filter)) {
      const isMeant = (work: string, key: string) =>
        ids === undefined || ids.some((typed) => isNamed({ id: shortId(work), work, key }, typed))
      yield page.filter(({ item, key }) => isMeant(item.id, key)).map(({ item }) => item)
    }
    return
  }
  // Read in full first: what is made ready would come again under another state.
  const found: string[] = []
  for await (const { work } of failedRecords(store, plugins, request, clock.now())) found.push(work)
  for (let start = 0; start < found.length; start += 500) yield store.work.find(found.slice(start, start + 500))
}

function hintOf({ entity, side, resource, recordId, recordKey }: WorkItem): WorkHint {
  const key = { entity, side, resource }
  return {
    ...key,
    ...(recordId === undefined ? {} : { recordId }),
    ...(recordKey === undefined ? {} : { recordKey }),
  }
}
