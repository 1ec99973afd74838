import { blockedConnections, blockedRecords } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { timeText } from '../figure-text.ts'
import { type Options, pageOf, systemNames, withNext } from '../record-lists.ts'
import { entityNamed, openSession, tenantNamed, withHelper } from '../session.ts'
import { printRetried } from './failure-actions.ts'

/** `blocked TENANT [ENTITY]`: what waits for a person at the other system, or with `--retry` is sent again (SO16, C12). */
export async function blocked(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string | undefined]
  if (options['retry'] === true) return retry(context, tenant, entity, options)
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    const { t, language } = context
    const filter = entity === undefined ? {} : { entity: entityNamed(session.setup, entity).id }
    const [store, names] = [session.store.forTenant(tenant), systemNames(session.setup)]
    const connections = await blockedConnections(store)
    const { rows, next } = await pageOf(blockedRecords(store, session.setup.loaded.plugins, names, filter), options)
    const stopped = connections.map(({ system, failure }) => `✖ ${system}: ${failure.code}: ${failure[language]}`)
    const lines = rows.map(({ id, entity: type, key, name, text, todo, since }) =>
      [
        `${id}  ${type} ${key}${name === undefined ? '' : ` · ${name}`}  (${timeText(since)})`,
        `  ${text[language]}`,
        `  → ${todo[language]}`,
      ].join('\n'),
    )
    const all = [...stopped, ...lines]
    context.print({
      document: { tenant, connections, blocked: rows, ...(next === undefined ? {} : { next }) },
      rows,
      table:
        all.length === 0 ? t('Không có gì bị chặn.', 'Nothing is blocked.') : withNext(context, all.join('\n\n'), next),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

function retry(context: CliContext, tenant: string, entity: string | undefined, options: Options): Promise<number> {
  const ids = options['id'] as readonly string[] | undefined
  return withHelper(context, tenant, async (runner, setup) => {
    const request = {
      what: 'blocked' as const,
      ...(entity === undefined ? {} : { entity: entityNamed(setup, entity).id }),
      ...(ids === undefined ? {} : { ids }),
    }
    return printRetried(context, tenant, await runner.desk(tenant, 'work.retry', request, { signal: context.signal }))
  })
}
