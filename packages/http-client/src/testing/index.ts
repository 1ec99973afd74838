export { startTestServer } from './server.ts'
export { createTestClock, createTestLogger, noJitter } from './runtime.ts'
export type { Answering, Reply, SeenRequest, TestServer } from './server.ts'
export type { TestClock, TestLogger } from './runtime.ts'
