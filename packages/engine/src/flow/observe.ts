import {
  type ChangeHint,
  type EntityPlugin,
  type SystemId,
  type Tombstone,
  type WireRecord,
  type WorkHint,
  type Connection,
  type ReadsChanges,
  canReadChanges,
} from '@amis-sync/core'
import { deterministicId } from '../pure/deterministic-id.ts'
import { resourceOfRow } from '../pure/plugin-view.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'
import { believable, tombstoneName } from './tombstones.ts'
import { type TouchWatch, watchTouches } from './under-way.ts'

/** One table of one system, read once for all the entities that stand in it. */
export interface Feed {
  readonly system: SystemId
  readonly resource: string
  readonly plugins: readonly EntityPlugin[]
}

export const feedKey = (system: SystemId, resource: string) => `${system}|${resource}`

/** More rows than these are not remembered from poll to poll: they are looked at again, which does no harm. */
const mostRemembered = 10_000
/** How old a stored cursor may grow while nothing comes, milliseconds. */
const idleCursorMs = 600_000

/** The tables that the enabled plugins read. */
export function feedsOf(context: TenantContext): Feed[] {
  const feeds = new Map<string, { system: SystemId; resource: string; plugins: EntityPlugin[] }>()
  for (const plugin of context.plugins) {
    for (const system of plugin.sides) {
      for (const { resource } of plugin.wire[system]!.resources) {
        const key = feedKey(system, resource)
        const feed = feeds.get(key) ?? { system, resource, plugins: [] }
        feeds.set(key, feed)
        if (!feed.plugins.includes(plugin)) feed.plugins.push(plugin)
      }
    }
  }
  return [...feeds.values()]
}

/** Rows of a feed as work for each entity that takes them; the row goes along for sides that cannot be read by id. */
export function hintsOfRows(context: TenantContext, feed: Feed, records: readonly WireRecord[]): WorkHint[] {
  return records.flatMap((record) =>
    feed.plugins
      .filter((plugin) => resourceOfRow(plugin.wire[feed.system]!, record))
      .map((plugin) => hintOf(context, feed, plugin, record)),
  )
}

function hintOf(context: TenantContext, feed: Feed, plugin: EntityPlugin, record: WireRecord): WorkHint {
  const readable = context.connections.get(feed.system)?.readable?.has(feed.resource) ?? false
  return {
    entity: plugin.id,
    side: feed.system,
    resource: feed.resource,
    recordId: record.id,
    deleted: false,
    ...(readable ? {} : { observed: record }),
  }
}

/** Linked records whose row is none of the entity's any more (a customer who is only a vendor now): to it they are gone. */
async function hintsOfLeavers(context: TenantContext, feed: Feed, records: readonly WireRecord[]): Promise<WorkHint[]> {
  const hints: WorkHint[] = []
  for (const plugin of feed.plugins) {
    const others = records.filter((record) => !resourceOfRow(plugin.wire[feed.system]!, record))
    if (others.length === 0) continue
    const links = await context.store.links.findByRecord(plugin.id, feed.system, others)
    const known = new Set(links.map((link) => link.sides[feed.system]!.id))
    hints.push(...others.filter(({ id }) => known.has(id)).map((record) => hintOf(context, feed, plugin, record)))
  }
  return hints
}

function hintsOfDeletions(feed: Feed, deleted: readonly Tombstone[]): WorkHint[] {
  return deleted.flatMap(({ id }) =>
    feed.plugins.map((plugin) => ({
      entity: plugin.id,
      side: feed.system,
      resource: feed.resource,
      recordId: id,
      deleted: true,
    })),
  )
}

export function stamped(records: readonly WireRecord[], readAt: number): WireRecord[] {
  return records.map((record) => ({ ...record, readAt }))
}

/**
 * Asks one change feed. Work first, cursor second (design §4.1): a crash in between repeats work that does no harm. An error moves
 * nothing. Feeds overlap: a row that is exactly as in the poll before is no news. Returns how many news came.
 */
export async function pollFeed(context: TenantContext, feed: Feed): Promise<number> {
  const connection = connectionTo(context, feed.system)
  if (!canReadChanges(connection) || !connection.changeFeeds.has(feed.resource)) return 0
  const stream = feedKey(feed.system, feed.resource)
  const since = context.cursors.get(stream)?.value ?? (await context.store.cursors.get(stream))
  if (since === undefined) return 0
  const entities = feed.plugins.map(({ id }) => id)
  const watch = watchTouches(context, feed.system, entities)
  try {
    return await readFeed(context, feed, { connection, stream, since, watch })
  } finally {
    watch.end()
  }
}

interface Reading {
  readonly connection: Connection & ReadsChanges
  readonly stream: string
  readonly since: string
  readonly watch: TouchWatch
}

async function readFeed(context: TenantContext, feed: Feed, reading: Reading): Promise<number> {
  const { connection, stream, since, watch } = reading
  let watermark: string | undefined
  let cursor: string | undefined
  let count = 0
  const seen = new Map<string, string | undefined>()
  const shown = new Map<string, WireRecord>()
  const before = context.lastPolled.get(stream)
  const now = new Map<string, string>()
  const isNews = (id: string, print: string): boolean => {
    now.set(id, print)
    return before?.get(id) !== print
  }
  // Rows that a write is under way for are looked at again when its outcome is known: the cursor waits for them.
  let unclear = false
  do {
    const readAt = context.clock.now()
    const page = await connection.changesPage({
      resource: feed.resource,
      since,
      ...(cursor === undefined ? {} : { cursor }),
    })
    watermark ??= page.watermark
    const fresh = page.records.filter((record) => !seen.has(record.id) || seen.get(record.id) !== record.version)
    for (const record of fresh) {
      seen.set(record.id, record.version)
      if (page.deleted.length > 0) shown.set(record.id, record)
    }
    const news = fresh.filter((record) => isNews(record.id, deterministicId(JSON.stringify(record.row))))
    for (const { id } of page.records.filter((record) => watch.touches(record))) {
      unclear = true
      now.delete(id)
    }
    const buried = page.deleted.filter(({ id, version = '' }) => isNews(tombstoneName(id), version))
    const deleted = await believable(context, feed, buried, shown)
    const hints = [
      ...hintsOfRows(context, feed, stamped(news, readAt)),
      ...(await hintsOfLeavers(context, feed, stamped(news, readAt))),
      ...hintsOfDeletions(feed, deleted),
    ]
    if (hints.length > 0) await context.store.work.add(hints, context.clock.now())
    count += hints.length
    cursor = page.next
  } while (cursor !== undefined)
  context.lastPolled.set(stream, now.size > mostRemembered ? new Map() : now)
  // An answer that shows nothing moves no cursor, whatever it claims (contract §6.2 rule 1): a change may hide behind it.
  if (watermark !== undefined && watermark !== since && !unclear && now.size > 0)
    await moveCursor(context, stream, watermark, count > 0)
  return count
}

/** An older cursor only asks again for what is known, so a poll that brought nothing need not be stored each time. */
async function moveCursor(context: TenantContext, stream: string, value: string, brought: boolean): Promise<void> {
  const now = context.clock.now()
  const storedAt = context.cursors.get(stream)?.storedAt ?? 0
  const store = brought || now - storedAt > idleCursorMs
  context.cursors.set(stream, { value, storedAt: store ? now : storedAt })
  if (store) await context.store.cursors.set(stream, value)
}

/**
 * Hints of deliveries: records that can be read by id become work; of the others their feed is asked. A hint that says "deleted" is
 * believed no more than any other: the read, or the feed, tells.
 */
export function sortHints(
  context: TenantContext,
  feeds: readonly Feed[],
  system: SystemId,
  hints: readonly ChangeHint[],
): { readonly work: WorkHint[]; readonly ask: Feed[] } {
  const work: WorkHint[] = []
  const ask = new Set<Feed>()
  const connection = context.connections.get(system)
  for (const hint of hints) {
    const feed = feeds.find((one) => one.system === system && one.resource === hint.resource)
    if (!feed) continue
    if (hint.id !== undefined && connection?.readable?.has(hint.resource)) {
      for (const plugin of feed.plugins) {
        work.push({ entity: plugin.id, side: system, resource: hint.resource, recordId: hint.id, deleted: false })
      }
    } else ask.add(feed)
  }
  return { work, ask: [...ask] }
}
