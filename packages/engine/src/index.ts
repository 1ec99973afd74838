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
export { isDeskOperation } from './desk/operations.ts'
export type { DeskInput, DeskOperation, DeskOutput } from './desk/operations.ts'
export { createTenantEngine } from './tenant-engine.ts'
export { createTenantReader } from './tenant-reader.ts'
