import { toFailure, toSyncError } from '@amis-sync/core'
import type { Failure, RowOutcome, RowWrite, SyncError, WireRecord } from '@amis-sync/core'
import type { Envelope } from './envelope.ts'
import { isRow } from './envelope.ts'
import { refusalError, rowFailure, ruleOf } from './errors.ts'
import type { KnownCompanions } from './known-companions.ts'
import { bodyOf, byType, halve, notThere, planWrites } from './plan.ts'
import type { Entry, PlanOptions, PlannedCall } from './plan.ts'
import { idOf, textOf } from './rows.ts'
import { vouchers } from './resources.ts'
import type { Session } from './session.ts'

export interface WriterOptions extends PlanOptions {
  readonly session: Session
  readonly companions: KnownCompanions
  /** Looks documents up whose type a deletion does not tell. */
  readonly readByIds: (resource: string, ids: readonly string[]) => Promise<readonly WireRecord[]>
}

/** How many more calls one batch may cost to find the rows that spoil it. */
const isolationCalls = 24

const outcome = (entry: Entry, status: RowOutcome['status'], more: Partial<RowOutcome> = {}): RowOutcome => ({
  opId: entry.write.opId,
  status,
  ...(entry.write.id === undefined ? {} : { id: entry.write.id }),
  ...more,
})

/** What a row gets whose call failed after other calls of the batch went out: nothing was done, so it may be tried again. */
function laterFailure(error: SyncError): Failure {
  const failure = toFailure(error)
  return error.kind === 'recordRejected' ? failure : { ...failure, kind: 'retriable' }
}

function accepted(call: PlannedCall, envelope: Envelope): RowOutcome[] {
  const session = isRow(envelope.data) ? textOf(envelope.data['session_id']) : undefined
  return call.entries.map((entry) => outcome(entry, 'accepted', session === undefined ? {} : { session }))
}

/** Sends the calls of one batch, one after the other, in order. */
class BatchSender {
  readonly outcomes: RowOutcome[] = []
  readonly #session: Session
  #isolating = isolationCalls
  #stoppedBy: SyncError | undefined

  constructor(session: Session) {
    this.#session = session
  }

  async send(call: PlannedCall): Promise<void> {
    if (this.#stoppedBy !== undefined) return this.#giveUp(call, this.#stoppedBy)
    let envelope: Envelope
    try {
      envelope = await this.#session.write(call.name, bodyOf(call))
    } catch (error) {
      return this.#failed(call, toSyncError(error))
    }
    if (envelope.success) {
      this.outcomes.push(...accepted(call, envelope))
      return
    }
    const parts = this.#narrower(call, envelope.errorCode)
    if (parts.length > 1) {
      for (const part of parts) await this.send(part)
    } else if (ruleOf(envelope.errorCode).kind === 'recordRejected' && envelope.status !== 404) {
      this.outcomes.push(...call.entries.map((entry) => outcome(entry, 'rejected', { failure: rowFailure(envelope) })))
    } else {
      this.#failed(call, refusalError(call.name, envelope))
    }
  }

  /** A refusal of the whole call did nothing: smaller calls find out which rows it is about. */
  #narrower(call: PlannedCall, errorCode: string | null): readonly PlannedCall[] {
    if (call.entries.length < 2) return []
    if (errorCode === 'TooMany') return halve(call)
    if (errorCode !== 'InvalidParam' || this.#isolating <= 0) return []
    const types = byType(call)
    const parts = types.length > 1 ? types : halve(call)
    this.#isolating -= parts.length
    return parts
  }

  #failed(call: PlannedCall, error: SyncError): void {
    if (error.kind === 'inDoubt') {
      const failure = toFailure(error)
      this.outcomes.push(...call.entries.map((entry) => outcome(entry, 'inDoubt', { failure })))
      return
    }
    // Nothing was sent yet: the batch as a whole failed, and the caller does it again.
    if (this.outcomes.length === 0) throw error
    this.#stoppedBy = error
    this.#giveUp(call, error)
  }

  #giveUp(call: PlannedCall, error: SyncError): void {
    const failure = laterFailure(error)
    this.outcomes.push(...call.entries.map((entry) => outcome(entry, 'rejected', { failure })))
  }
}

/** Gives deletions their `voucher_type`, which ACT checks, by looking the documents up. */
async function withTypes(
  writes: readonly RowWrite[],
  options: WriterOptions,
): Promise<{ writes: RowWrite[]; gone: RowOutcome[] }> {
  const lacks = (write: RowWrite): boolean =>
    write.resource === vouchers.name && write.operation === 'delete' && write.row['voucher_type'] === undefined
  const unknown = writes.filter(lacks)
  if (unknown.length === 0 || !options.isOn(vouchers.needs?.read)) return { writes: [...writes], gone: [] }
  const found = await options.readByIds(
    vouchers.name,
    unknown.flatMap((write) => write.id ?? []),
  )
  const states = new Map(found.map((record) => [record.id, record.row]))
  const gone: RowOutcome[] = []
  const kept: RowWrite[] = []
  for (const write of writes) {
    const state = states.get(idOf(write.id) ?? '')
    if (!lacks(write)) kept.push(write)
    else if (state !== undefined) kept.push({ ...write, row: { ...write.row, voucher_type: state['voucher_type'] } })
    else
      gone.push({
        opId: write.opId,
        status: 'missing',
        failure: notThere,
        ...(write.id === undefined ? {} : { id: write.id }),
      })
  }
  return { writes: kept, gone }
}

/**
 * Sends writes; outcomes come later (contract §2.3). Throws only when surely nothing was done: what is not known becomes `inDoubt`, and
 * once a call went out, rows of later calls that failed are `rejected` with a retriable failure.
 */
export async function writeRows(writes: readonly RowWrite[], options: WriterOptions): Promise<readonly RowOutcome[]> {
  const typed = await withTypes(writes, options)
  const plan = planWrites(await options.companions.without(typed.writes), options)
  const batch = new BatchSender(options.session)
  for (const call of plan.calls) await batch.send(call)
  return [...typed.gone, ...plan.refused, ...batch.outcomes]
}
