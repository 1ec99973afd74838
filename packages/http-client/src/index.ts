export { clockCheck, toCheckResult } from './check.ts'
export { createTransport } from './transport.ts'
export { createTokenSource, credentialsRefused, withToken } from './token-source.ts'
export { redact } from './redact.ts'
export { faultError, faults } from './faults.ts'
export type { FaultCode, FaultFacts, FaultPlace } from './faults.ts'
export type { FreshToken, TokenSource, TokenSourceOptions } from './token-source.ts'
export { changeHint, verifyWebhook } from './webhook.ts'
export type {
  AnswerFault,
  QueryValue,
  Transport,
  TransportOptions,
  TransportRequest,
  TransportResponse,
} from './types.ts'
export type { VerifiedWebhook } from './webhook.ts'
