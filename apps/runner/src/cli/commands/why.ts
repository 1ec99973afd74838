import { explainRecord } from '@amis-sync/engine'
import type { Explanation, LookedUp } from '@amis-sync/engine'
import type { Store } from '@amis-sync/core'
import type { Setup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { timeText } from '../figure-text.ts'
import { systemNames } from '../record-lists.ts'
import { entityNamed, openSession, tenantNamed, withHelper } from '../session.ts'

interface Question {
  readonly tenant: string
  readonly entity: string
  readonly key: string
}

/** `why TENANT ENTITY KEY`: the answer in one sentence, what to do, then the record's story. */
export async function why(context: CliContext, [tenant, entity, key]: readonly string[]): Promise<number> {
  const question = { tenant: tenant!, entity: entity!, key: key! }
  const first = await fromStore(context, question)
  const found = first.ask ? await askSides(context, question).catch(() => first.found) : first.found
  context.print({ document: { ...question, ...found }, table: describe(context, found) })
  return exitCode.ok
}

/** `ask`: nobody knows the record, and a runner holds the tenant: it can ask the systems themselves. */
async function fromStore(context: CliContext, question: Question): Promise<{ found: Explanation; ask: boolean }> {
  const session = await openSession(context)
  try {
    const found = await answer(session.setup, session.store, question)
    const [leases, now] = await Promise.all([session.store.leases.all(), session.store.leases.serverTime()])
    const isHeld = leases.some((lease) => lease.tenant === question.tenant && lease.expiresAt > now)
    const { kind } = entityNamed(session.setup, question.entity)
    return { found, ask: found.code === 'UNKNOWN' && isHeld && kind !== 'figure' }
  } finally {
    await session.close()
  }
}

function askSides(context: CliContext, question: Question): Promise<Explanation> {
  const { tenant, entity, key } = question
  return withHelper(context, tenant, async (runner, setup) => {
    const looked = await runner.desk(tenant, 'why.lookup', { entity, key }, { signal: context.signal })
    return answer(setup, runner.store, question, looked)
  })
}

async function answer(setup: Setup, store: Store, question: Question, looked?: LookedUp): Promise<Explanation> {
  const { tenant, entity, key } = question
  const { settings } = tenantNamed(setup, tenant)
  entityNamed(setup, entity)
  const names = systemNames(setup)
  const asked = { entity, key, settings, names, ...(looked ? { looked } : {}) }
  return (await explainRecord(store.forTenant(tenant), setup.loaded.plugins, asked))!
}

function describe({ t, language }: CliContext, { main, next, story, link, work }: Explanation): string {
  const lines = [main[language], `→ ${next[language]}`]
  const sides = Object.entries(link?.sides ?? {}).flatMap(([side, at]) =>
    at ? [`  ${side}: ${at.resource} ${at.key ?? ''} (${at.id})${at.gone ? t(', đã xóa', ', deleted') : ''}`] : [],
  )
  if (sides.length > 0) lines.push('', t('Bản ghi:', 'Records:'), ...sides)
  if (work.length > 0) lines.push('', t('Việc đang chờ:', 'Work:'))
  for (const item of work) {
    const failure = item.failure ? `: ${item.failure.code}: ${item.failure[language]}` : ''
    lines.push(`  ${item.side}: ${item.state}${failure}`)
  }
  if (story.length > 0) lines.push('', t('Diễn biến, mới nhất trước:', 'Story, newest first:'))
  for (const event of story) {
    const route = event.from && event.to ? ` ${event.from}→${event.to}` : ''
    const when = event.at > 0 ? `${timeText(event.at)}${route} ` : ''
    lines.push(`  ${when}${event.text[language]} [${event.what} ${event.why}]`)
  }
  return lines.join('\n')
}
