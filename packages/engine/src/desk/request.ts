import {
  type EntityPlugin,
  type SystemId,
  type WorkHint,
  canList,
  canReadByKeys,
  codeKey,
  otherSide,
} from '@amis-sync/core'
import type { DeskHost } from './desk-host.ts'
import { learn } from '../flow/learn.ts'
import { isOn } from '../flow/offers.ts'
import { hintsOfRows } from '../flow/observe.ts'
import { connectionTo } from '../flow/tenant-context.ts'

/** What became of a request by hand (CU5, CG4, PR3, SO3). */
export interface Requested {
  readonly requested: number
  readonly unknown: readonly string[]
}

export interface Request {
  readonly entity: string
  readonly from: SystemId
  readonly keys?: readonly string[]
  readonly all?: boolean
}

/** Asks for records by hand: by code, or everything that the source lists. Work that it makes is done by the loops. */
export async function requestRecords(host: DeskHost, { entity, from, keys, all }: Request): Promise<Requested> {
  if (host.context.figures.some((one) => one.id === entity)) {
    const { state } = await host.figures.readNow(entity)
    return { requested: state.count, unknown: keys ?? [] }
  }
  const plugin = host.context.plugins.find((one) => one.id === entity)
  if (!plugin?.sides.includes(from) || !isOn(host.context, entity)) return { requested: 0, unknown: keys ?? [] }
  await host.open(plugin.firstSync.step)
  const result = await (all ? requestAll(host, plugin, from) : requestKeys(host, plugin, from, keys ?? []))
  host.wake()
  return result
}

/** Everything that the source lists now. */
async function requestAll(host: DeskHost, plugin: EntityPlugin, from: SystemId): Promise<Requested> {
  const { context } = host
  const connection = connectionTo(context, from)
  if (!canList(connection)) return { requested: 0, unknown: [] }
  // Twins must be known before anything is created; documents have none.
  if (plugin.kind !== 'document') await learn(host, plugin, [otherSide(plugin, from)])
  let requested = 0
  for (const resource of new Set(plugin.wire[from]!.resources.map((one) => one.resource))) {
    let cursor: string | undefined
    do {
      const readAt = context.clock.now()
      const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
      const rows = page.records.map((record) => ({ ...record, readAt }))
      const hints = hintsOfRows(context, { system: from, resource, plugins: [plugin] }, rows)
      await context.store.work.add(hints.map(manual), context.clock.now())
      requested += hints.length
      cursor = page.next
    } while (cursor !== undefined)
  }
  return { requested, unknown: [] }
}

/** Records by their codes; a code that the source does not have is told as unknown. */
async function requestKeys(
  host: DeskHost,
  plugin: EntityPlugin,
  from: SystemId,
  keys: readonly string[],
): Promise<Requested> {
  const { context } = host
  const { store, clock } = context
  const connection = connectionTo(context, from)
  const resources = [...new Set(plugin.wire[from]!.resources.map((one) => one.resource))]
  const found = new Map<string, WorkHint>()
  if (canReadByKeys(connection)) {
    for (const resource of resources.filter((one) => connection.keyed.has(one))) {
      for (const record of await connection.readByKeys(resource, keys)) {
        found.set(codeKey(record.key ?? ''), {
          entity: plugin.id,
          side: from,
          resource,
          recordId: record.id,
          deleted: false,
        })
      }
    }
  } else {
    await learn(host, plugin)
    for (const link of await store.links.findByKey(plugin.id, from, keys)) {
      const at = link.sides[from]!
      found.set(codeKey(at.key ?? ''), { entity: plugin.id, side: from, resource: at.resource, recordId: at.id })
    }
  }
  const hints = keys.flatMap((key) => found.get(codeKey(key)) ?? [])
  if (hints.length > 0) await store.work.add(hints.map(manual), clock.now())
  return { requested: hints.length, unknown: keys.filter((key) => !found.has(codeKey(key))) }
}

function manual(hint: WorkHint): WorkHint {
  return { ...hint, triggers: ['manual'] }
}
