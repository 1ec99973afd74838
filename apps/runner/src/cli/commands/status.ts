import type { Lease, Store, WorkState } from '@amis-sync/core'
import { auditReports, createTenantReader } from '@amis-sync/engine'
import type { AuditReport, FigureStatus, TenantStatus } from '@amis-sync/engine'
import type { TenantConfig } from '../../config/tenant-config.ts'
import type { Setup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { figureTroubles, timeText } from '../figure-text.ts'
import { auditNotes, auditTable } from './audit.ts'
import { sumOf, stepText } from '../first-sync-progress.ts'
import { openSession, tenantNamed } from '../session.ts'
import { textTable } from '../text-table.ts'

const phases = {
  new: { vi: 'chưa kết nối', en: 'not connected' },
  connecting: { vi: 'đang đồng bộ lần đầu', en: 'first sync' },
  live: { vi: 'đang đồng bộ', en: 'live' },
  paused: { vi: 'tạm dừng', en: 'paused' },
  disconnected: { vi: 'đã ngắt kết nối', en: 'disconnected' },
} as const

interface Report extends TenantStatus {
  readonly name: string
  /** The latest full compare of each entity. */
  readonly audits: readonly AuditReport[]
  /** The runner that works for it now. */
  readonly holder?: string
  /** C3: an Accounting and a CRM, but no connection yet. */
  readonly recommendation?: { readonly command: string; readonly vi: string; readonly en: string }
}

/** `status [TENANT]`: where every connection stands, with figures; recommends to connect (C3). */
export async function status(context: CliContext, [tenant]: readonly string[]): Promise<number> {
  const session = await openSession(context)
  try {
    const wanted = tenant === undefined ? session.setup.tenants : [tenantNamed(session.setup, tenant)]
    const leases = await session.store.leases.all()
    const now = await session.store.leases.serverTime()
    const live = leases.filter((lease) => lease.expiresAt > now)
    const reports = await Promise.all(wanted.map((one) => report(session.setup, session.store, live, one)))
    const table = reports.length > 0 ? reports.map((one) => describe(context, one)).join('\n\n') : noTenants(context)
    context.print({ document: { tenants: reports }, rows: reports, table })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

function noTenants({ t, env }: CliContext): string {
  return t(
    `Chưa có tenant nào đang bật trong ${env.configDir}/tenants: sửa một tệp mẫu ở đó và đặt enabled: true, hoặc chạy thử: amis-sync up`,
    `No tenant is switched on in ${env.configDir}/tenants: edit an example there and set enabled: true, or try: amis-sync up`,
  )
}

async function report(setup: Setup, store: Store, live: readonly Lease[], config: TenantConfig): Promise<Report> {
  const enabled = setup.loaded.plugins.filter((plugin) => config.settings.enabled.has(plugin.id))
  const found = await createTenantReader(store.forTenant(config.tenant), enabled).status()
  const holder = live.find((lease) => lease.tenant === config.tenant)?.holder
  const connectable = config.connections.has('crm') && config.connections.has('accounting')
  const unconnected = found.state.phase === 'new' || found.state.phase === 'disconnected'
  const command = `amis-sync connect ${config.tenant}`
  return {
    ...found,
    name: config.name,
    audits: await auditReports(store.forTenant(config.tenant)),
    ...(holder === undefined ? {} : { holder }),
    ...(connectable && unconnected
      ? {
          recommendation: {
            command,
            vi: `Công ty có AMIS Kế toán và AMIS CRM nhưng chưa kết nối. Kết nối ngay: ${command}`,
            en: `The company has an Accounting and a CRM that are not connected. Connect now: ${command}`,
          },
        }
      : {}),
  }
}

function describe(context: CliContext, one: Report): string {
  const { t, language } = context
  const lines = [`${one.name} (${one.tenant}): ${phases[one.state.phase][language]}`]
  if (one.holder !== undefined) lines.push(t(`  runner: ${one.holder}`, `  runner: ${one.holder}`))
  if (one.recommendation) lines.push(`  → ${one.recommendation[language]}`)
  for (const [system, failure] of Object.entries(one.state.stopped ?? {})) {
    if (failure) lines.push(`  ✖ ${system}: ${failure.code}: ${failure[language]}`)
  }
  for (const [name, failure] of Object.entries({ ...one.state.off, ...one.state.readOnly }))
    lines.push(`  – ${name.replace('|', '/')}: ${failure[language]}`)
  for (const run of one.runs) {
    if (run.state !== 'pending' && sumOf(run).done > 0)
      lines.push(`  ${t('bước', 'step')} ${run.step}: ${stepText(run, t, 0)}`)
  }
  for (const figure of one.figures) lines.push(...figureLines(context, figure))
  if (one.open > 0)
    lines.push(t(`  ${one.open} lần ghi chưa rõ kết quả`, `  ${one.open} writes whose outcome is not known yet`))
  if (one.needsPerson > 0) lines.push(...personLines(context, one))
  const seen = one.entities.filter(({ links, work }) => links.linked + sum(links.only) + sum(work) > 0)
  if (seen.length > 0) {
    const rows = seen.map(({ entity, links, work }) => [
      entity,
      links.linked,
      sum(links.only),
      (work.ready ?? 0) + (work.accepted ?? 0),
      work.waiting ?? 0,
      (work.failed ?? 0) + (work.blocked ?? 0) + (work.parked ?? 0),
      work.conflict ?? 0,
    ])
    const head = [t('Loại', 'Type'), t('Liên kết', 'Linked'), t('Một bên', 'One side'), t('Đang làm', 'Working')]
    lines.push('', textTable([...head, t('Chờ', 'Waiting'), t('Lỗi', 'Failed'), t('Xung đột', 'Conflict')], rows))
  }
  if (one.audits.length > 0)
    lines.push('', auditTable(context, one.audits), ...auditNotes(context, one.tenant, one.audits))
  return lines.join('\n')
}

/** How much waits for a person, and the commands that show it. */
function personLines({ t }: CliContext, { tenant, needsPerson, entities }: Report): string[] {
  const has = (...states: WorkState[]) => entities.some(({ work }) => states.some((state) => (work[state] ?? 0) > 0))
  const commands = [
    ...(has('conflict') ? [`amis-sync conflicts ${tenant}`] : []),
    ...(has('parked') ? [`amis-sync failures ${tenant}`] : []),
    ...(has('blocked') ? [`amis-sync blocked ${tenant}`] : []),
  ]
  const text = t(`cần người xử lý: ${needsPerson}`, `needs a person: ${needsPerson}`)
  return [`  ⚠ ${text} → ${commands.join(' · ')}`]
}

/** How many figures, when they were read last, what is left over, held or failing. */
function figureLines({ t, language }: CliContext, figure: FigureStatus): string[] {
  const { entity, count, unsent, unlinked, asOf, readAt } = figure
  if (readAt === undefined && figureTroubles(figure).length === 0) return []
  const read = timeText(asOf ?? readAt)
  const parts = [t(`${count} số liệu, đọc lần cuối ${read}`, `${count} figures, read last ${read}`)]
  if (unsent > 0) parts.push(t(`${unsent} chưa gửi được`, `${unsent} not sent`))
  if (unlinked > 0) parts.push(t(`${unlinked} chưa liên kết`, `${unlinked} not linked`))
  const troubles = figureTroubles(figure).map((failure) => `  ⚠ ${entity}: ${failure.code}: ${failure[language]}`)
  return [`  ${entity}: ${parts.join(', ')}`, ...troubles]
}

function sum(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((all, one) => all + (one ?? 0), 0)
}
