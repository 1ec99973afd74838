export type {
  ConflictRule,
  ConnectResult,
  EngineDependencies,
  Explanation,
  GateProblem,
  ProgressListener,
  TenantEngine,
  TenantReader,
  TenantSettings,
  TenantStatus,
} from './engine-types.ts'
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
export { isDeskOperation } from './desk/operations.ts'
export type { DeskInput, DeskOperation, DeskOutput } from './desk/operations.ts'
export { createTenantEngine } from './tenant-engine.ts'
export { createTenantReader } from './tenant-reader.ts'
