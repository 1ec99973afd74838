export { SyncError, isSyncError, toFailure, toSyncError } from './errors/sync-error.ts'
export type { ErrorKind, Failure, Message, SyncErrorOptions } from './errors/sync-error.ts'
export { codeKey, normaliseEmail, normaliseTaxCode, normaliseText, phoneKey, splitCodes } from './values/text.ts'
export {
  addDecimals,
  compareDecimals,
  fitsWire,
  multiplyDecimals,
  roundDecimal,
  subtractDecimals,
  toDecimal,
  toWireNumber,
} from './values/decimal.ts'
export type { Decimal } from './values/decimal.ts'
export { byName, nameIn } from './values/reference-name.ts'
export { vatFromRates, vatFromText, vatToRates, vatToText } from './values/vat.ts'
export type { Vat } from './values/vat.ts'
export { toBusinessDate, toInstant, toTimeStamp } from './values/date.ts'
export type { BusinessDate } from './values/date.ts'
export { definePolicy } from './policy/direction-policy.ts'
export type { Direction, DirectionPolicy, Rule, SystemId } from './policy/direction-policy.ts'
export { decide, directionOf, linkStates, reasons, ruleHolds } from './policy/decide.ts'
export type { Action, LinkState, Question, ReasonCode, Verdict } from './policy/decide.ts'
export type { Canonical, RecordRef, Row, Tombstone, Value, WireRecord } from './contracts/record.ts'
export {
  canList,
  canReadByIds,
  canReadByKeys,
  canReadChanges,
  canReadDeletions,
  canReceive,
  canRecoverOutcomes,
  canWrite,
} from './contracts/connector.ts'
export type {
  Capability,
  ChangeHint,
  ChangePage,
  CheckResult,
  Connection,
  ConnectionContext,
  Connector,
  Delivery,
  HttpCarrier,
  HttpRequest,
  HttpResult,
  LateOutcome,
  ListsPages,
  Page,
  ReadsByIds,
  ReadsByKeys,
  ReadsChanges,
  ReadsDeletions,
  Received,
  Receives,
  RecoversOutcomes,
  RowOutcome,
  RowWrite,
  WriteOperation,
  WritesRows,
} from './contracts/connector.ts'
export { ColumnProblem, column, columns, decodeColumns, encodeColumns, toColumnError } from './contracts/column.ts'
export type { Column, Columns } from './contracts/column.ts'
export { canonical } from './contracts/canonical-schema.ts'
export type { EvidenceKind, Matching, MatchingField } from './contracts/matching.ts'
export { field, fixedAtCreation, onlyFrom, ownedBy, shared } from './contracts/field.ts'
export type { Field, FieldKind, Fields, Flow } from './contracts/field.ts'
export { figureSettings } from './contracts/figure.ts'
export type { FigureLabel, FigureRules } from './contracts/figure.ts'
export { defineEntityPlugin, mapValuesAt, otherSide, pluginFaults, valuesAt } from './contracts/entity-plugin.ts'
export type {
  EntityHandler,
  EntityPlugin,
  EntityPluginInput,
  FirstSyncStep,
  HandlerContext,
  HoldReason,
  Reference,
  Side,
  SideResource,
} from './contracts/entity-plugin.ts'
export type { Clock, Ids, LogFields, Logger, Metrics, Random, Scheduler } from './ports/runtime.ts'
export { trailLength } from './ports/links.ts'
export type { Choice, Link, LinkCounts, LinkSide, LinkStore, StandIn, TrailEvent } from './ports/links.ts'
export { waitKey, workId } from './ports/work.ts'
export type {
  ConflictField,
  RecordEdit,
  WorkFilter,
  WorkHint,
  WorkItem,
  WorkKey,
  WorkSettlement,
  WorkState,
  WorkStore,
} from './ports/work.ts'
export type {
  AttentionStore,
  Command,
  CommandStore,
  CursorStore,
  DocumentStore,
  Inbox,
  InboxEntry,
  Journal,
  JournalEntry,
  Lease,
  LeaseStore,
  Run,
  RunCounters,
  RunStore,
  Store,
  StoredValue,
  TenantState,
  TenantStore,
} from './ports/store.ts'
export { createContainer, createTenantContainer } from './container/container.ts'
export type { Services } from './container/container.ts'
export { tokens } from './container/tokens.ts'
export { coreVersion, satisfies } from './version.ts'
