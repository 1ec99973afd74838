export type {
  ConflictRule,
  ConnectResult,
  EngineDependencies,
  GateProblem,
  ProgressListener,
  TenantEngine,
  TenantReader,
  TenantSettings,
  TenantStatus,
} from './engine-types.ts'
export { lookUpFigures } from './figure-reader.ts'
export type { FigureAnswer, FigurePlace, FigureStatus, FigureUnknown } from './figure-reader.ts'
export { flowPicture } from './pure/flow-picture.ts'
export type {
  FlowArrow,
  FlowArrowKind,
  FlowCause,
  FlowEnd,
  FlowEntity,
  FlowInput,
  FlowPicture,
  FlowSystem,
} from './pure/flow-picture.ts'
export { auditReports } from './flow/audit-report.ts'
export type { AuditReport, AuditStream, HeldDeletions } from './flow/audit-report.ts'
export { isDeskOperation } from './desk/operations.ts'
export type { DeskInput, DeskOperation, DeskOutput } from './desk/operations.ts'
export { createTenantEngine } from './tenant-engine.ts'
export { createTenantReader } from './tenant-reader.ts'
export { blockedConnections, blockedRecords } from './answers/blocked.ts'
export type { Blocked, BlockedConnection } from './answers/blocked.ts'
export { conflictsOf } from './answers/conflicts.ts'
export type { Candidate, Conflict, ConflictFilter, DisputedField } from './answers/conflicts.ts'
export { explainRecord } from './answers/explain.ts'
export type { Explanation } from './answers/explain.ts'
export { failedRecords, failureGroups } from './answers/failures.ts'
export type { FailedRecord, FailureFilter, FailureGroup } from './answers/failures.ts'
export { waitingGroups } from './answers/waiting.ts'
export type { WaitingFor } from './answers/waiting.ts'
export type { ConflictDecision, DecisionOutcome, FieldChoice } from './desk/resolve-conflicts.ts'
export type { Edited } from './desk/edit-failure.ts'
export type { LookedUp } from './desk/look-up-record.ts'
export type { Retried } from './desk/retry-work.ts'
export { valueText } from './pure/value-text.ts'
export type { SystemNames } from './pure/system-name.ts'
export { movedItems, planItems, storedPlan, storedPlans, takePlan } from './plans/plan-store.ts'
export { planFormatVersion } from './plans/plan-types.ts'
export type {
  ApplyReport,
  MovedItem,
  PlanAction,
  PlanCount,
  PlanDuplicate,
  PlanHeader,
  PlanItem,
  PlanReason,
  PlanRequests,
  PlanScope,
  PlanSettings,
} from './plans/plan-types.ts'
export { chainSum, headerSum } from './plans/prints.ts'
export type { WhyCode } from './pure/why-facts.ts'
export { decisionOf } from './flow/decisions.ts'
export { rejectedPairs } from './matching/rejected-pairs.ts'
export { findSuggestions, matchRun, suggestionPage, suggestedBands } from './matching/suggestions.ts'
export type { MatchRun, SuggestedBand, SuggestedRecord, Suggestion } from './matching/suggestions.ts'
export type { AcceptReport, Accepted } from './desk/accept-suggestions.ts'
export type { CreatedCounterparts } from './desk/create-counterparts.ts'
export type { PairingRow } from './desk/list-pairing.ts'
export type { FieldChange, PairOutcome } from './desk/name-pair.ts'
