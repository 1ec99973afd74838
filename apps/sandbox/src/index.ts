export { startSandbox, type Sandbox, type SandboxOptions } from './server/start-sandbox.ts'
export { openLocalSandbox } from './server/local-sandbox.ts'
export type { LocalAnswer, LocalRequest, LocalSandbox, LocalSandboxOptions } from './server/local-sandbox.ts'
