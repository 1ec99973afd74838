import { failedRecords } from '@amis-sync/engine'
import type { FailedRecord, Retried } from '@amis-sync/engine'
import type { Runner } from '../../runner.ts'
import type { Setup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { type Options, pairsOf, personOf } from '../record-lists.ts'
import { entityNamed, withHelper } from '../session.ts'
import { usageError } from '../usage-error.ts'
import { failureFilter } from './failures.ts'

/** `failures retry TENANT …`: tried again at once. */
export async function retryFailures(
  context: CliContext,
  [tenant]: readonly string[],
  options: Options,
): Promise<number> {
  const filter = failureFilter(options)
  if ((Object.keys(filter).length === 0) === (options['all'] !== true)) {
    throw usageError(
      'Hãy cho --id, --fingerprint, --entity, --code, hoặc --all cho mọi lỗi',
      'Give --id, --fingerprint, --entity or --code, or --all for all failures',
    )
  }
  return withHelper(context, tenant!, async (runner, setup) => {
    if (filter.entity !== undefined) entityNamed(setup, filter.entity)
    const result = await runner.desk(tenant!, 'work.retry', { what: 'failures', ...filter }, { signal: context.signal })
    return printRetried(context, tenant!, result)
  })
}

export function printRetried(context: CliContext, tenant: string, result: Retried): number {
  const { asked, done, again, open } = result
  const { t } = context
  const table =
    asked === 0
      ? t('Không có bản ghi nào để thử lại.', 'There is nothing to try again.')
      : t(
          `Thử lại ${asked} bản ghi: ${done} đã xong, ${again} vẫn vướng, ${open} đang chạy.`,
          `Tried ${asked} records again: ${done} got through, ${again} did not, ${open} are under way.`,
        )
  context.print({ document: { tenant, ...result }, table })
  return again > 0 ? exitCode.someFailed : exitCode.ok
}

/** `failures edit TENANT ID --set field=value`: the target is given another value, until the source changes the field. */
export async function editFailure(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, id] = args as [string, string]
  const set = Object.fromEntries(pairsOf(options, 'set'))
  if (Object.keys(set).length === 0) throw usageError('Hãy cho --set trường=giá-trị', 'Give --set field=value')
  return withHelper(context, tenant, async (runner, setup) => {
    const { work, key, entity } = await failureNamed(runner, setup, tenant, id)
    const result = await runner.desk(
      tenant,
      'failures.edit',
      { work, set, by: personOf(options) },
      { signal: context.signal },
    )
    context.print({
      document: { tenant, entity, key, ...result },
      table: `${entity} ${key}: ${result.text[context.language]}`,
    })
    return result.state === 'refused' || result.state === 'failed' ? exitCode.someFailed : exitCode.ok
  })
}

async function failureNamed(runner: Runner, setup: Setup, tenant: string, typed: string): Promise<FailedRecord> {
  const now = await runner.store.leases.serverTime()
  const found: FailedRecord[] = []
  const all = failedRecords(runner.store.forTenant(tenant), setup.loaded.plugins, { ids: [typed] }, now)
  for await (const one of all) found.push(one)
  if (found.length === 1) return found[0]!
  const list = found.map(({ id, entity }) => `${id} (${entity})`).join(', ')
  throw found.length === 0
    ? usageError(`Không có lỗi "${typed}"`, `There is no failure "${typed}"`, 'FAILURE_UNKNOWN')
    : usageError(`"${typed}" có nhiều lỗi; hãy chọn: ${list}`, `"${typed}" has several failures; choose: ${list}`)
}
