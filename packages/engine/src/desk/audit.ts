import { type EntityPlugin, SyncError } from '@amis-sync/core'
import { type AuditHost, auditEntity } from '../flow/audit.ts'
import type { AuditReport } from '../flow/audit-report.ts'
import { interrupted } from '../flow/first-sync.ts'
import { isOn } from '../flow/offers.ts'
import type { TenantContext } from '../flow/tenant-context.ts'
import type { DeskHost } from './desk-host.ts'

export interface AuditInput {
  /** Default: every entity. */
  readonly entity?: string
  /** Conclude the deletions that the latest audit of this entity held back. */
  readonly confirmDeletions?: boolean
}

export interface Audited {
  readonly reports: readonly AuditReport[]
}

/** Audits under way, so that a second request joins the first. */
const underWay = new WeakMap<TenantContext, Map<string, Promise<AuditReport>>>()

/** Full compare of both sides (design §4 Audit), entity by entity, resumed where an earlier one was cut off. */
export async function audit(host: DeskHost, { entity, confirmDeletions = false }: AuditInput): Promise<Audited> {
  const { context } = host
  const plugins = context.plugins.filter(({ id }) => isOn(context, id) && (entity === undefined || id === entity))
  const reports: AuditReport[] = []
  auditHost(host).check()
  for (const plugin of plugins) reports.push(await joined(host, plugin, confirmDeletions))
  return { reports }
}

async function joined(host: DeskHost, plugin: EntityPlugin, confirm: boolean): Promise<AuditReport> {
  const running = underWay.get(host.context) ?? new Map<string, Promise<AuditReport>>()
  underWay.set(host.context, running)
  const before = running.get(plugin.id)
  if (before && !confirm) return before
  if (before) await before
  const task = auditEntity(auditHost(host), plugin, confirm).finally(() => running.delete(plugin.id))
  running.set(plugin.id, task)
  return task
}

function auditHost(host: DeskHost): AuditHost {
  const { context } = host
  return {
    context,
    stopping: host.stopping,
    wake: host.wake,
    check: () => {
      if (host.stopping()) throw interrupted(context)
      if (host.state().phase !== 'live') throw notLive(context.settings.tenant)
    },
  }
}

function notLive(tenant: string): SyncError {
  return new SyncError({
    code: 'AUDIT_NOT_LIVE',
    kind: 'config',
    message: {
      vi: `"${tenant}" chưa kết nối hoặc đang tạm dừng nên không đối chiếu. Hãy chạy connect hoặc resume rồi đối chiếu lại.`,
      en: `"${tenant}" is not connected or is paused, so nothing is audited. Run connect or resume, then audit again.`,
    },
  })
}
