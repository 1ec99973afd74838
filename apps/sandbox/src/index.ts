export { startSandbox, type Sandbox, type SandboxOptions } from './server/start-sandbox.ts'
