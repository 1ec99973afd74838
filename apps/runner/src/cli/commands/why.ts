import { createTenantReader } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { entityNamed, openSession, tenantNamed } from '../session.ts'

/** `why TENANT ENTITY KEY`: everything that is known about one record, newest first. */
export async function why(context: CliContext, [tenant, entity, key]: readonly string[]): Promise<number> {
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant!)
    entityNamed(session.setup, entity!)
    const explanation = await createTenantReader(
      session.store.forTenant(tenant!),
      session.setup.loaded.plugins,
    ).explain(entity!, key!)
    const { t, language } = context
    const { link, work = [], reasons } = explanation
    const lines: string[] = []
    for (const [side, at] of Object.entries(link?.sides ?? {})) {
      if (at)
        lines.push(`${side}: ${at.resource} ${at.key ?? ''} (${at.id})${at.gone ? t(', đã xóa', ', deleted') : ''}`)
    }
    if (link)
      lines.push(link.linked ? t('Đã liên kết hai bên', 'Linked on both sides') : t('Chưa liên kết', 'Not linked'))
    for (const item of work) {
      lines.push(
        `${t('Việc', 'Work')} ${item.side}: ${item.state}${item.failure ? `: ${item.failure.code}: ${item.failure[language]}` : ''}`,
      )
      for (const one of item.conflict ?? []) {
        const values = Object.entries(one.values).map(([side, value]) => `${side} = ${JSON.stringify(value)}`)
        lines.push(`  ${one.field}: ${values.join(', ')}, ${t('trước đó', 'before')} = ${JSON.stringify(one.base)}`)
      }
    }
    const events = (link?.trail ?? []).toReversed().map((event) => {
      const route = event.from && event.to ? ` ${event.from}→${event.to}` : ''
      const text = event.text?.[language]
      return `  ${new Date(event.at).toISOString()}${route} ${event.what} (${event.why})${text ? `: ${text}` : ''}`
    })
    if (events.length > 0) lines.push(t('Diễn biến, mới nhất trước:', 'Story, newest first:'), ...events)
    lines.push(...[...new Set(reasons.map((one) => one[language]))].map((text) => `• ${text}`))
    context.print({ document: { tenant, entity, key, ...explanation }, table: lines.join('\n') })
    return exitCode.ok
  } finally {
    await session.close()
  }
}
