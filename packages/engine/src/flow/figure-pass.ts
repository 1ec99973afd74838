import { type EntityPlugin, type Failure, toFailure } from '@amis-sync/core'
import { type KeptFigure, changesOf, judgeMissing, missingFrom, zeroed } from '../pure/figures.ts'
import { type FigureState, loadFigures, putFigureState, putFigures, readFigureState } from './figure-documents.ts'
import { type SendReport, sendFigures } from './figure-sender.ts'
import { type PrintedSnapshot, readSnapshot } from './figure-snapshot.ts'
import { type FigureLinks, isGone, loadFigureLinks } from './figure-targets.ts'
import { systemOf } from './tagged-connection.ts'
import type { TenantContext } from './tenant-context.ts'

/** While nothing changes: how old the stored state may grow, and after how long all figures are compared anew, milliseconds. */
const stateMs = 600_000
const compareMs = 1_800_000

/** What is remembered of one figure entity between two passes. A restart forgets it: then everything is compared anew. */
export interface FigureMemory {
  /** Missing from the last complete snapshot that was believed. */
  missing: ReadonlySet<string>
  /** Print of the last snapshot that was compared, and when that was. */
  print?: string
  comparedAt: number
  /** Keys of the waiting room that figures wait for. */
  awaited: ReadonlySet<string>
  /** As it was stored last, and when that was. */
  state?: FigureState
  storedAt: number
}

export const emptyMemory = (): FigureMemory => ({
  missing: new Set(),
  comparedAt: -Infinity,
  awaited: new Set(),
  storedAt: -Infinity,
})

export interface PassOptions {
  /** False: begin no further call. */
  readonly going: () => boolean
  readonly refreshMs: number
  /** A person asks: nothing is left out because it was refused, or looked the same, before. */
  readonly asked?: boolean
  /** A person says that what is missing twice is gone, however much it is. */
  readonly confirmed?: boolean
}

/** What a pass did. Absent where it was stopped before its end. */
export interface PassReport {
  readonly changed: number
  readonly sent: number
  /** The reading failed: nothing is known, nothing was changed. */
  readonly unreadable?: Failure
  /** The other side takes nothing now. */
  readonly refusal?: Failure
  /** When what was refused is due again. */
  readonly nextAt?: number
}

const zero: FigureState = { count: 0, unlinked: 0, unsent: 0 }
const nothingSent: SendReport = { sent: 0, unlinked: 0, unsent: 0, awaited: new Set() }

/** Reads one snapshot, keeps what changed, tells the other side. */
export async function readPass(
  context: TenantContext,
  plugin: EntityPlugin,
  memory: FigureMemory,
  options: PassOptions,
): Promise<PassReport | undefined> {
  memory.state ??= (await readFigureState(context.store, plugin.id)) ?? zero
  let snapshot: PrintedSnapshot | undefined
  try {
    snapshot = await readSnapshot(context, plugin, options.going)
  } catch (error) {
    if (systemOf(error) === undefined) throw error
    // A connection that was closed under our hands says nothing about its system.
    if (!options.going()) return undefined
    const failure = toFailure(error)
    await tell(context, plugin, memory, { ...memory.state, failure }, options)
    return { changed: 0, sent: 0, unreadable: failure }
  }
  if (!snapshot) return undefined
  if (isSettled(memory) && snapshot.print === memory.print && !options.asked && !isDue(context, memory)) {
    await tell(context, plugin, memory, { ...memory.state, ...goodReading(context, snapshot) }, options)
    return { changed: 0, sent: 0 }
  }
  return compare(context, plugin, memory, snapshot, options)
}

function isSettled({ state, missing }: FigureMemory): boolean {
  const { unlinked, unsent, held, failure, refusal } = state!
  return missing.size + unlinked + unsent === 0 && !held && !failure && !refusal
}

function isDue({ clock }: TenantContext, { comparedAt }: FigureMemory): boolean {
  return clock.now() - comparedAt >= compareMs
}

function goodReading({ clock }: TenantContext, { asOf, figures }: PrintedSnapshot): Partial<FigureState> {
  return { readAt: clock.now(), count: figures.size, ...(asOf === undefined ? {} : { asOf }) }
}

async function compare(
  context: TenantContext,
  plugin: EntityPlugin,
  memory: FigureMemory,
  snapshot: PrintedSnapshot,
  options: PassOptions,
): Promise<PassReport> {
  const { store, clock } = context
  const kept = await loadFigures(store, plugin.id)
  const changes = changesOf(plugin, kept, snapshot)
  const links = await loadFigureLinks(context, plugin, [...kept.values(), ...changes.values()])
  const missing = missingFrom(kept, snapshot)
  const gone = new Set(missing.filter((id) => isGone(plugin, links, kept.get(id)!)))
  const known = [...kept.values()].filter((figure) => !figure.absent).length
  const rest = missing.filter((id) => !gone.has(id))
  const verdict = judgeMissing({
    known,
    missing: rest,
    before: memory.missing,
    snapshot,
    ...(options.confirmed ? { confirmed: true } : {}),
  })
  for (const id of [...gone, ...verdict.zero]) changes.set(id, zeroed(plugin.figure!, kept.get(id)!, snapshot.asOf))
  await putFigures(store, plugin.id, [...changes])
  for (const [id, figure] of changes) kept.set(id, figure)
  memory.missing = new Set(verdict.doubted)
  memory.print = snapshot.print
  memory.comparedAt = clock.now()
  const sending = await send(context, plugin, memory, kept, links, options)
  const { held, failure: _failure, refusal: _refusal, ...before } = memory.state!
  const state: FigureState = {
    ...before,
    ...(verdict.held ? {} : goodReading(context, snapshot)),
    ...outcomeOf(sending),
    ...(verdict.held ? { held: heldSnapshot(plugin, held, rest.length, known, snapshot, clock.now()) } : {}),
    ...(snapshot.failure ? { failure: snapshot.failure } : {}),
  }
  await tell(context, plugin, memory, state, options, changes.size + sending.sent > 0)
  return reportOf(changes.size, sending)
}

/** Sends what is left, from what is kept: something that was missing came, or what was refused is due again. */
export async function sendPass(
  context: TenantContext,
  plugin: EntityPlugin,
  memory: FigureMemory,
  options: PassOptions,
): Promise<PassReport> {
  memory.state ??= (await readFigureState(context.store, plugin.id)) ?? zero
  const kept = await loadFigures(context.store, plugin.id)
  const links = await loadFigureLinks(context, plugin, kept.values())
  const sending = await send(context, plugin, memory, kept, links, options)
  const { refusal: _refusal, ...before } = memory.state
  await tell(context, plugin, memory, { ...before, ...outcomeOf(sending) }, options, sending.sent > 0)
  return reportOf(0, sending)
}

/** Figures whose other side is off are kept for looking up, and told to nobody (contract §6.1). */
async function send(
  context: TenantContext,
  plugin: EntityPlugin,
  memory: FigureMemory,
  kept: ReadonlyMap<string, KeptFigure>,
  links: FigureLinks,
  { going, refreshMs, asked = false }: PassOptions,
): Promise<SendReport> {
  const report = context.off.has(plugin.id)
    ? nothingSent
    : await sendFigures(context, plugin, kept, links, { going, refreshMs, now: asked })
  memory.awaited = report.awaited
  return report
}

function outcomeOf({ unlinked, unsent, failure }: SendReport): Partial<FigureState> {
  return { unlinked, unsent, ...(failure ? { refusal: failure } : {}) }
}

function reportOf(changed: number, { sent, failure, nextAt }: SendReport): PassReport {
  return {
    changed,
    sent,
    ...(failure ? { refusal: failure } : {}),
    ...(nextAt === undefined ? {} : { nextAt }),
  }
}

function heldSnapshot(
  plugin: EntityPlugin,
  before: FigureState['held'],
  missing: number,
  known: number,
  { figures }: PrintedSnapshot,
  now: number,
): NonNullable<FigureState['held']> {
  const { labels, figure, id } = plugin
  const failure: Failure = {
    code: 'FIGURE_FUSE',
    kind: 'needsPerson',
    vi: `${labels.vi}: danh sách vừa đọc từ "${figure!.from}" có ${figures.size} dòng và thiếu ${missing} trong ${known} số liệu đã biết, nhiều hơn mức cho phép, nên các số bị thiếu được giữ nguyên. Danh sách đủ trở lại thì tự hết; nếu chúng thật sự không còn, hãy chạy: amis-sync sync <tenant> ${id} --confirm-missing`,
    en: `${labels.en}: the listing just read from "${figure!.from}" has ${figures.size} rows and lacks ${missing} of ${known} figures that were known, more than is allowed, so those stay as they were. It ends by itself when the listing is whole again; if they are truly gone, run: amis-sync sync <tenant> ${id} --confirm-missing`,
  }
  return { since: before?.since ?? now, missing, known, failure }
}

/** Stores the state when it says something new, when a person asked, or when the stored one grows old. */
async function tell(
  context: TenantContext,
  plugin: EntityPlugin,
  memory: FigureMemory,
  state: FigureState,
  { asked = false }: PassOptions,
  changed = false,
): Promise<void> {
  const now = context.clock.now()
  const news = (one: FigureState) => JSON.stringify({ ...one, readAt: 0, asOf: '' })
  const store = asked || changed || news(state) !== news(memory.state!) || now - memory.storedAt >= stateMs
  memory.state = state
  if (!store) return
  await putFigureState(context.store, plugin.id, state)
  memory.storedAt = now
}
