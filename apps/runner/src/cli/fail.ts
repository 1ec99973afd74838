import { isSyncError, toSyncError } from '@amis-sync/core'
import { exitCode } from './cli-context.ts'
import type { CliContext } from './cli-context.ts'

/** What the user got wrong in the command itself. */
const usageCodes = new Set([
  'TENANT_UNKNOWN',
  'CODE_UNKNOWN',
  'ENTITY_UNKNOWN',
  'SYSTEM_UNKNOWN',
  'CONFLICT_UNKNOWN',
  'FAILURE_UNKNOWN',
  'PLAN_UNKNOWN',
  'USAGE',
])

/** Tells an error to people on stderr, and to programs on stdout where they asked for JSON. Answers the exit code. No stack trace. */
export function fail(context: CliContext, error: unknown): number {
  const { code, text } = toSyncError(error)
  context.say(`✖ ${code}: ${text[context.language]}`)
  if (!isSyncError(error) && context.env.variables['AMIS_SYNC_DEBUG']) context.say(String((error as Error).stack))
  if (context.output !== 'table') context.print({ document: { error: { code, vi: text.vi, en: text.en } }, table: '' })
  return usageCodes.has(code) ? exitCode.usage : exitCode.failure
}
