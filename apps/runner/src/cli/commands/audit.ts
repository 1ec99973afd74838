import type { AuditReport } from '@amis-sync/engine'
import { auditReports } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { entityNamed, openSession, tenantNamed, withHelper } from '../session.ts'
import { textTable } from '../text-table.ts'
import { usageError } from '../usage-error.ts'

/** `audit TENANT [ENTITY]`: full compare of both sides (design §4 Audit); goes on where an earlier one was cut off. */
export async function audit(
  context: CliContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const [tenant, entity] = args as [string, string?]
  const confirmDeletions = options['confirmDeletions'] === true
  if (options['last'] === true) return showLast(context, tenant, entity)
  if (confirmDeletions && entity === undefined) {
    throw usageError(
      'Hãy nêu loại dữ liệu cần xác nhận: audit TENANT ENTITY --confirm-deletions',
      'Name the entity type to confirm: audit TENANT ENTITY --confirm-deletions',
    )
  }
  return withHelper(context, tenant, async (runner, setup) => {
    if (entity !== undefined) entityNamed(setup, entity)
    const input = { confirmDeletions, ...(entity === undefined ? {} : { entity }) }
    const { reports } = await runner.desk(tenant, 'audit', input, { signal: context.signal })
    return show(context, tenant, reports)
  })
}

async function showLast(context: CliContext, tenant: string, entity: string | undefined): Promise<number> {
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    if (entity !== undefined) entityNamed(session.setup, entity)
    const reports = await auditReports(session.store.forTenant(tenant))
    return show(
      context,
      tenant,
      reports.filter((one) => entity === undefined || one.entity === entity),
    )
  } finally {
    await session.close()
  }
}

function show(context: CliContext, tenant: string, reports: readonly AuditReport[]): number {
  const { t } = context
  const lines =
    reports.length > 0
      ? [auditTable(context, reports), ...auditNotes(context, tenant, reports)]
      : [t('Chưa có lần đối chiếu nào.', 'Nothing was audited yet.')]
  context.print({ document: { tenant, reports }, rows: reports, table: lines.join('\n') })
  const failing = reports.some(({ state, held }) => state === 'failed' || held.length > 0)
  return failing ? exitCode.someFailed : exitCode.ok
}

/** One line for each entity: when, and what was found. */
export function auditTable({ t, language }: CliContext, reports: readonly AuditReport[]): string {
  const states = {
    running: t('đang chạy', 'running'),
    finished: t('xong', 'finished'),
    failed: t('lỗi', 'failed'),
  }
  const time = new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Asia/Ho_Chi_Minh',
  })
  const rows = reports.map((one) => [
    one.entity,
    states[one.state],
    time.format(one.finishedAt ?? one.startedAt),
    one.compared,
    one.inStep,
    one.drift,
    one.gone,
    one.repaired,
    one.held.reduce((sum, { count }) => sum + count, 0),
  ])
  const head = [
    t('Đối chiếu', 'Audit'),
    t('Tình trạng', 'State'),
    t('Lúc', 'Time'),
    t('Đã so', 'Compared'),
    t('Khớp', 'In step'),
    t('Lệch', 'Drift'),
  ]
  return textTable([...head, t('Đã xóa', 'Gone'), t('Đã sửa', 'Repaired'), t('Giữ lại', 'Held')], rows)
}

/** What a person should know or do about them. */
export function auditNotes({ t, language }: CliContext, tenant: string, reports: readonly AuditReport[]): string[] {
  return reports.flatMap(({ entity, failure, held }) => [
    ...(failure ? [`  ✖ ${entity}: ${failure.code}: ${failure[language]}`] : []),
    ...held.map(
      ({ side, resource, count, why }) =>
        `  ! ${entity}: ${t(`${count} bản ghi không còn trong ${side}/${resource}`, `${count} records are missing from ${side}/${resource}`)}. ${why[language]}\n` +
        `    → amis-sync audit ${tenant} ${entity} --confirm-deletions`,
    ),
  ])
}
