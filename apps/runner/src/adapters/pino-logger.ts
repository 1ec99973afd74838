import type { LogFields, Logger } from '@amis-sync/core'
import pino from 'pino'
import type { Logger as Pino } from 'pino'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Wherever a secret could slip in by mistake. */
const secretPaths = [
  'clientSecret',
  'accessCode',
  'webhookSecret',
  'authorization',
  'token',
  'password',
  'access_token',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

function wrap(log: Pino): Logger {
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
    child: (fields: LogFields) => wrap(log.child(fields)),
  }
}

/** The log on stderr: readable on a terminal, JSON lines elsewhere. Never blocks stdout, which belongs to results. */
export async function createLogger(level: LogLevel, options: { readonly pretty: boolean }): Promise<Logger> {
  const settings = { level, base: null, redact: { paths: secretPaths, censor: '***' } }
  if (!options.pretty) return wrap(pino(settings, pino.destination({ dest: 2, sync: true })))
  const { default: pretty } = await import('pino-pretty')
  return wrap(
    pino(settings, pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })),
  )
}

/** A log that nobody reads. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
}
