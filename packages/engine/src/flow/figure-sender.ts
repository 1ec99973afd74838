import {
  type Connection,
  type EntityPlugin,
  type Failure,
  type RowOutcome,
  type RowWrite,
  type WritesRows,
  ColumnProblem,
  canWrite,
  otherSide,
  toColumnError,
  toFailure,
} from '@amis-sync/core'
import { backoffMs } from '../pure/backoff.ts'
import { deterministicId } from '../pure/deterministic-id.ts'
import type { KeptFigure, RefusedFigure } from '../pure/figures.ts'
import { putFigures } from './figure-documents.ts'
import { type FigureLinks, type FigureTarget, awaitedBy, targetOf } from './figure-targets.ts'
import { systemOf } from './tagged-connection.ts'
import { type TenantContext, assertLeased, connectionTo } from './tenant-context.ts'

/** What became of the figures that the other side was to be told. */
export interface SendReport {
  readonly sent: number
  /** Told to wait: something that they refer to is not linked. */
  readonly unlinked: number
  /** Still to be told. */
  readonly unsent: number
  /** Keys of the waiting room. */
  readonly awaited: ReadonlySet<string>
  /** When the next refused one is due. */
  readonly nextAt?: number
  /** The call failed as a whole, and the rest was not tried. */
  readonly failure?: Failure
}

export interface SendOptions {
  /** False: stop before the next call. */
  readonly going: () => boolean
  /** What is refused for the record's own sake is asked again after so long, doubled each time; milliseconds. */
  readonly refreshMs: number
  /** A person asks: what was refused is asked again at once. */
  readonly now?: boolean
}

interface Pending {
  readonly id: string
  readonly figure: KeptFigure
  readonly target: FigureTarget
}

const longestRetryMs = 86_400_000

/**
 * Tells the other side what it has not been told, in batches. "Set" calls may be repeated freely (contract §1.3), so there is no journal:
 * what was told is stored after each batch, and a crash in between repeats that batch.
 */
export async function sendFigures(
  context: TenantContext,
  plugin: EntityPlugin,
  kept: ReadonlyMap<string, KeptFigure>,
  links: FigureLinks,
  options: SendOptions,
): Promise<SendReport> {
  const plan = planSending(context, plugin, kept, links, options)
  const connection = connectionTo(context, otherSide(plugin, plugin.figure!.from))
  let sent = 0
  let failure: Failure | undefined
  let nextAt = plan.nextAt
  const refused: [string, KeptFigure][] = [...plan.refused]
  await putFigures(context.store, plugin.id, refused)
  if (canWrite(connection)) {
    for (let start = 0; start < plan.pending.length && options.going(); start += connection.batchSize) {
      const batch = plan.pending.slice(start, start + connection.batchSize)
      try {
        const after = await sendBatch(context, plugin, connection, batch, options)
        sent += after.filter(([, figure]) => !figure.refused).length
        refused.push(...after.filter(([, figure]) => figure.refused))
      } catch (error) {
        if (systemOf(error) === undefined) throw error
        failure = toFailure(error)
        break
      }
    }
  }
  for (const [, figure] of refused) nextAt = Math.min(nextAt ?? Infinity, figure.refused!.retryAt)
  return {
    sent,
    unlinked: plan.unlinked,
    unsent: plan.pending.length - sent + plan.refused.length + plan.resting,
    awaited: plan.awaited,
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(failure === undefined ? {} : { failure }),
  }
}

/** Sorts out what is to be sent now, what rests after a refusal, and what has nowhere to go. */
function planSending(
  context: TenantContext,
  plugin: EntityPlugin,
  kept: ReadonlyMap<string, KeptFigure>,
  links: FigureLinks,
  { refreshMs, now = false }: SendOptions,
) {
  const pending: Pending[] = []
  const refused: [string, KeptFigure][] = []
  const awaited = new Set<string>()
  const at = context.clock.now()
  let unlinked = 0
  let resting = 0
  let nextAt: number | undefined
  for (const [id, figure] of kept) {
    if (figure.absent && !figure.sent) continue
    let target: FigureTarget | undefined
    try {
      target = targetOf(plugin, links, figure)
    } catch (error) {
      if (!(error instanceof ColumnProblem)) throw error
      if (figure.refused && at < figure.refused.retryAt) resting += 1
      else
        refused.push([
          id,
          refuse(context, figure, '', toFailure(toColumnError(error, nameOf(plugin, figure))), refreshMs),
        ])
      continue
    }
    if (!target) {
      if (figure.absent) continue
      unlinked += 1
      for (const key of awaitedBy(context, plugin, links, figure)) awaited.add(key)
      continue
    }
    if (figure.sent?.to === target.to && JSON.stringify(figure.sent.row) === JSON.stringify(target.print)) continue
    if (!now && figure.refused?.to === target.to && at < figure.refused.retryAt) {
      resting += 1
      nextAt = Math.min(nextAt ?? Infinity, figure.refused.retryAt)
    } else pending.push({ id, figure, target })
  }
  return { pending, refused, awaited, unlinked, resting, nextAt }
}

/** One call, and what is kept of it. Throws when nothing was done. */
async function sendBatch(
  context: TenantContext,
  plugin: EntityPlugin,
  connection: Connection & WritesRows,
  batch: readonly Pending[],
  { refreshMs }: SendOptions,
): Promise<[string, KeptFigure][]> {
  assertLeased(context)
  const { tenant } = context.settings
  const writes = batch.map(({ id, target }): RowWrite => ({
    opId: deterministicId(tenant, plugin.id, id, target.to, JSON.stringify(target.row)),
    resource: target.resource,
    operation: 'update',
    row: target.row,
  }))
  const outcomes = new Map((await connection.writeRows(writes)).map((outcome) => [outcome.opId, outcome]))
  const after = batch.map(({ id, figure, target }, index): [string, KeptFigure] => {
    const outcome = outcomes.get(writes[index]!.opId)
    if (outcome?.status !== 'applied') {
      return [id, refuse(context, figure, target.to, failureOf(plugin, figure, outcome), refreshMs)]
    }
    const { refused: _refused, ...rest } = figure
    return [id, { ...rest, sent: { to: target.to, row: target.print, at: context.clock.now() } }]
  })
  await putFigures(context.store, plugin.id, after)
  return after
}

function refuse(
  context: TenantContext,
  figure: KeptFigure,
  to: string,
  failure: Failure,
  refreshMs: number,
): KeptFigure {
  const attempts = figure.refused?.to === to ? figure.refused.attempts + 1 : 1
  const passing = failure.kind === 'retriable' || failure.kind === 'inDoubt' || failure.kind === 'rateLimited'
  const wait = passing
    ? backoffMs(attempts, context.random.next())
    : Math.min(longestRetryMs, refreshMs * 2 ** Math.min(attempts - 1, 20))
  const refused: RefusedFigure = { to, failure, attempts, retryAt: context.clock.now() + wait }
  return { ...figure, refused }
}

function failureOf(plugin: EntityPlugin, figure: KeptFigure, outcome: RowOutcome | undefined): Failure {
  if (outcome?.failure) return outcome.failure
  const name = nameOf(plugin, figure)
  return {
    code: 'OUTCOME_UNKNOWN',
    kind: 'retriable',
    vi: `Chưa biết kết quả ghi "${name}"; sẽ thử lại.`,
    en: `The outcome of writing "${name}" is not known; it will be tried again.`,
  }
}

function nameOf(plugin: EntityPlugin, { record }: KeptFigure): string {
  const { subject, place } = plugin.figure!
  const text = (name: string) => (typeof record[name] === 'string' ? record[name] : '?')
  return `${plugin.id} ${text(subject.code)} / ${text(place.code)}`
}
