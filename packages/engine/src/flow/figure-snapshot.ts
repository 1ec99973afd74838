import {
  type Canonical,
  type EntityPlugin,
  type WireRecord,
  ColumnProblem,
  canList,
  toColumnError,
  toFailure,
} from '@amis-sync/core'
import { createHash } from 'node:crypto'
import { type Snapshot, figureId } from '../pure/figures.ts'
import { decodeRow, resourceOfRow } from '../pure/plugin-view.ts'
import { cannotList } from './learn.ts'
import { type TenantContext, connectionTo } from './tenant-context.ts'

/** A snapshot with a print of all that it shows, times left out: equal prints, nothing changed. */
export interface PrintedSnapshot extends Snapshot {
  readonly print: string
}

/** Reads one complete listing. `undefined` = it was told to stop. Throws what the connection throws: then nothing is known. */
export async function readSnapshot(
  context: TenantContext,
  plugin: EntityPlugin,
  going: () => boolean,
): Promise<PrintedSnapshot | undefined> {
  const { from, time } = plugin.figure!
  const connection = connectionTo(context, from)
  if (!canList(connection)) throw cannotList(plugin, from)
  const figures = new Map<string, Canonical>()
  const hash = createHash('sha1')
  let asOf: string | undefined
  let unread = 0
  let problem: unknown
  for (const resource of new Set(plugin.wire[from]!.resources.map((one) => one.resource))) {
    let cursor: string | undefined
    do {
      if (!going()) return undefined
      const page = await connection.listPage({ resource, ...(cursor === undefined ? {} : { cursor }) })
      for (const row of page.records) {
        try {
          const record = readFigure(plugin, row)
          if (!record) continue
          const id = figureId(plugin, record)!
          figures.set(id, record)
          if (typeof record[time] === 'string') asOf ??= record[time]
          hash.update(JSON.stringify({ ...record, [time]: id }))
        } catch (error) {
          unread += 1
          problem ??= error
        }
      }
      cursor = page.next
    } while (cursor !== undefined)
  }
  return {
    figures,
    unread,
    print: hash.digest('hex'),
    ...(asOf === undefined ? {} : { asOf }),
    ...(problem === undefined ? {} : { failure: toFailure(problem) }),
  }
}

/** What a row says; `undefined` = it is none of ours. Throws when it is not understood. */
function readFigure(plugin: EntityPlugin, row: WireRecord): Canonical | undefined {
  const resource = resourceOfRow(plugin.wire[plugin.figure!.from]!, row)
  if (!resource) return undefined
  const name = `${plugin.id} ${row.key ?? row.id}`
  let record: Canonical
  try {
    record = decodeRow(resource, row)
  } catch (error) {
    throw error instanceof ColumnProblem ? toColumnError(error, name) : error
  }
  const issue = plugin.schema.safeParse(record).error?.issues[0]
  if (!issue && figureId(plugin, record) !== undefined) return record
  const field = issue?.path.join('.') ?? plugin.figure!.key.join(', ')
  throw toColumnError(new ColumnProblem(field, issue?.message ?? 'empty'), name)
}
