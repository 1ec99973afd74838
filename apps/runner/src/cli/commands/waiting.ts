import { waitingGroups } from '@amis-sync/engine'
import type { WaitingFor } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { timeText } from '../figure-text.ts'
import { type Options, pageOf, withNext } from '../record-lists.ts'
import { entityNamed, openSession, tenantNamed } from '../session.ts'

/** `waiting TENANT [ENTITY]`: who waits for what, and why it does not come. */
export async function waiting(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string | undefined]
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    const filter = entity === undefined ? {} : { entity: entityNamed(session.setup, entity).id }
    const groups = await waitingGroups(session.store.forTenant(tenant), session.setup.loaded.plugins, filter)
    const { rows, next } = await pageOf(
      (async function* () {
        yield* groups.map((one) => ({ id: one.missing, ...one }))
      })(),
      options,
    )
    const table =
      rows.length === 0
        ? context.t('Không có bản ghi nào đang chờ.', 'Nothing waits.')
        : rows.map((one) => describe(context, one)).join('\n\n')
    context.print({
      document: { tenant, waiting: rows, ...(next === undefined ? {} : { next }) },
      rows,
      table: withNext(context, table, next === undefined ? undefined : `'${next}'`),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

function describe({ t, language }: CliContext, one: WaitingFor): string {
  const { entity, key, name, count, examples, since, circular, chain, why, todo } = one
  const more = count > examples.length ? ', …' : ''
  return [
    t(`${count} bản ghi chờ ${entity} ${key}`, `${count} records wait for ${entity} ${key}`) +
      (name === undefined ? '' : ` · ${name}`),
    `  ${examples.map((example) => `${example.entity} ${example.key}`).join(', ')}${more}`,
    t(`  Từ ${timeText(since)}`, `  Since ${timeText(since)}`),
    ...(chain.length > 1 && !circular ? [`  ${chain.map((link) => link[language]).join(' → ')}`] : []),
    `  ${why[language]}`,
    `  → ${todo[language]}`,
  ].join('\n')
}
