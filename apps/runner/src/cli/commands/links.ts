import type { Link } from '@amis-sync/core'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { usageError } from '../usage-error.ts'
import { entityNamed, openSession, tenantNamed } from '../session.ts'
import type { Session } from '../session.ts'
import { textTable } from '../text-table.ts'

/** `links TENANT [ENTITY]`: how many records are linked; with an entity, which. */
export async function links(
  context: CliContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const [tenant, entity] = args as [string, string | undefined]
  const limit = Number(options['limit'])
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw usageError('--limit phải từ 1 đến 10000', '--limit must be from 1 to 10000')
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    return entity === undefined
      ? await counts(context, session, tenant)
      : await list(
          context,
          session,
          tenant,
          entityNamed(session.setup, entity).id,
          limit,
          options['after'] as string | undefined,
        )
  } finally {
    await session.close()
  }
}

async function counts(context: CliContext, { setup, store }: Session, tenant: string): Promise<number> {
  const { t } = context
  const found = await Promise.all(
    setup.loaded.plugins.map(async ({ id }) => ({ entity: id, ...(await store.forTenant(tenant).links.counts(id)) })),
  )
  const rows = found.map(({ entity, linked, only }) => [
    entity,
    linked,
    Object.entries(only)
      .map(([side, count]) => `${side} ${count}`)
      .join(', '),
  ])
  context.print({
    document: { tenant, entities: found },
    rows: found,
    table: textTable([t('Loại', 'Type'), t('Liên kết', 'Linked'), t('Chỉ một bên', 'One side only')], rows),
  })
  return exitCode.ok
}

async function list(
  context: CliContext,
  session: Session,
  tenant: string,
  entity: string,
  limit: number,
  after?: string,
): Promise<number> {
  const { t } = context
  const page = await session.store
    .forTenant(tenant)
    .links.page(entity, { limit, ...(after === undefined ? {} : { after }) })
  const shown = page.map(({ id, linked, sides, mode, revision }) => ({
    id,
    linked,
    sides,
    ...(mode === undefined ? {} : { mode }),
    revision,
  }))
  const next = page.length === limit ? page.at(-1)?.id : undefined
  const rows = page.map((link) => [link.linked ? '⇄' : '·', ...sidesOf(link), link.mode ?? ''])
  const table = textTable(['', t('Bản ghi', 'Record'), t('Bản ghi kia', 'Twin'), t('Kiểu', 'Mode')], rows)
  context.print({
    document: { tenant, entity, links: shown, ...(next === undefined ? {} : { next }) },
    rows: shown,
    table: next === undefined ? table : `${table}\n${t('Còn nữa', 'More')}: --after '${next}'`,
  })
  return exitCode.ok
}

function sidesOf(link: Link): [string, string] {
  const texts = Object.entries(link.sides).flatMap(([side, at]) =>
    at ? [`${side}:${at.key ?? at.id}${at.gone ? ' ✖' : ''}`] : [],
  )
  return [texts[0] ?? '', texts[1] ?? '']
}
