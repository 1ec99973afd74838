import { acceptSuggestions } from './accept-suggestions.ts'
import { audit } from './audit.ts'
import type { DeskHost } from './desk-host.ts'
import { editFailure } from './edit-failure.ts'
import { readFigures } from './figures.ts'
import { applyPlan } from '../plans/apply-plan.ts'
import { makePlan } from '../plans/make-plan.ts'
import { lookUpRecord } from './look-up-record.ts'
import { createCounterparts } from './create-counterparts.ts'
import { linkRecords } from './link-records.ts'
import { listPairing } from './list-pairing.ts'
import { matchRecords } from './match-records.ts'
import { partRecords } from './part-records.ts'
import { rejectRecords } from './reject-records.ts'
import { requestRecords } from './request.ts'
import { resolveConflicts } from './resolve-conflicts.ts'
import { retryWork } from './retry-work.ts'
import { undoRecords } from './undo-records.ts'

/**
 * What a person may ask of the engine that holds the tenant's lease, by name; each is a function of a file in this folder. Input and
 * output are JSON: they pass through the store. Every operation may be done again without harm: who takes over a lease repeats the
 * one that was not finished.
 */
export const deskOperations = {
  audit,
  request: requestRecords,
  figures: readFigures,
  'plan.make': makePlan,
  'plan.apply': applyPlan,
  'conflicts.resolve': resolveConflicts,
  'work.retry': retryWork,
  'standardise.match': matchRecords,
  'standardise.accept': acceptSuggestions,
  'standardise.create': createCounterparts,
  'pairing.list': listPairing,
  'records.link': linkRecords,
  'records.reject': rejectRecords,
  'records.part': partRecords,
  'records.undo': undoRecords,
  'failures.edit': editFailure,
  'why.lookup': lookUpRecord,
} satisfies Record<string, (host: DeskHost, input: never) => Promise<unknown>>

export type DeskOperation = keyof typeof deskOperations
export type DeskInput<N extends DeskOperation> = Parameters<(typeof deskOperations)[N]>[1]
export type DeskOutput<N extends DeskOperation> = Awaited<ReturnType<(typeof deskOperations)[N]>>

export function isDeskOperation(name: string): name is DeskOperation {
  return Object.hasOwn(deskOperations, name)
}
