export { startRunner } from './runner.ts'
export type { Runner, RunnerOptions } from './runner.ts'
export type { TenantConfig } from './config/tenant-config.ts'
export type { CommandData, CommandKind, CommandResult, SyncProblem } from './worker/commands.ts'
