import { failedRecords, failureGroups } from '@amis-sync/engine'
import type { FailureFilter, FailureGroup } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { timeText } from '../figure-text.ts'
import { type Options, pageOf, withNext } from '../record-lists.ts'
import { entityNamed, openSession, tenantNamed } from '../session.ts'
import { textTable } from '../text-table.ts'

/** What of the failures is meant: `--entity`, `--code`, `--fingerprint`, `--id`. */
export function failureFilter(options: Options): FailureFilter {
  const text = (name: string) => options[name] as string | undefined
  const [entity, code, fingerprint] = [text('entity'), text('code'), text('fingerprint')]
  const ids = options['id'] as readonly string[] | undefined
  return {
    ...(entity === undefined ? {} : { entity }),
    ...(code === undefined ? {} : { code }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(ids === undefined ? {} : { ids }),
  }
}

/** `failures TENANT`: what did not get through, by cause. */
export async function failures(context: CliContext, [tenant]: readonly string[], options: Options): Promise<number> {
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant!)
    const filter = failureFilter(options)
    if (filter.entity !== undefined) entityNamed(session.setup, filter.entity)
    const groups = await failureGroups(
      session.store.forTenant(tenant!),
      session.setup.loaded.plugins,
      filter,
      await session.store.leases.serverTime(),
    )
    const { t } = context
    const table =
      groups.length === 0
        ? t('Không có lỗi nào.', 'There are no failures.')
        : groups.map((group) => describe(context, tenant!, group)).join('\n\n')
    context.print({ document: { tenant, failures: groups }, rows: groups, table })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

function describe({ t, language }: CliContext, tenant: string, group: FailureGroup): string {
  const { id, entity, target, code, field, count, first, last, examples, message, remedy, editable } = group
  const states = Object.entries(group.states).map(([state, number]) => `${state} ${number}`)
  const where = field === undefined ? '' : t(`, trường ${field}`, `, field ${field}`)
  return [
    `${id}  ${count} × ${entity} → ${target}  ${code}${where}  (${states.join(', ')})`,
    `  ${message[language]}`,
    t(`  Lần đầu ${timeText(first)}, lần cuối ${timeText(last)}`, `  First ${timeText(first)}, last ${timeText(last)}`),
    `  ${t('Ví dụ', 'For example')}: ${examples.join(', ')}`,
    `  → ${remedy[language]}`,
    `  → amis-sync failures show ${tenant} ${id} · failures retry ${tenant} --fingerprint ${id}`,
    ...(editable === undefined ? [] : [`  → amis-sync failures edit ${tenant} ${t('MÃ', 'CODE')} --set ${editable}=…`]),
  ].join('\n')
}

/** `failures show TENANT FINGERPRINT`: the records of a group. */
export async function showFailures(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, fingerprint] = args as [string, string]
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    const all = failedRecords(
      session.store.forTenant(tenant),
      session.setup.loaded.plugins,
      { ...failureFilter({ ...options, id: undefined }), fingerprint },
      await session.store.leases.serverTime(),
    )
    const { rows, next } = await pageOf(all, options)
    const { t, language } = context
    const cells = rows.map(({ id, entity, key, name, state, attempts, retryAt, failure }) => [
      id,
      entity,
      key,
      name ?? '',
      retryAt === undefined ? state : `${state} → ${timeText(retryAt)}`,
      attempts,
      failure[language],
    ])
    const head = ['ID', t('Loại', 'Type'), t('Bản ghi', 'Record'), t('Tên', 'Name'), t('Trạng thái', 'State')]
    context.print({
      document: { tenant, fingerprint, records: rows, ...(next === undefined ? {} : { next }) },
      rows,
      table: withNext(context, textTable([...head, t('Lần thử', 'Attempts'), t('Lý do', 'Why')], cells), next),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}
