import {
  decisionOf,
  findSuggestions,
  type MatchRun,
  type SuggestedBand,
  type Suggestion,
  matchRun,
  rejectedPairs,
  suggestedBands,
  suggestionPage,
} from '@amis-sync/engine'
import type { EntityPlugin, SystemId, TenantStore } from '@amis-sync/core'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { codePair, printOutcomes } from '../pair-outcomes.ts'
import { type Options, limitOf, pairsOf, personOf, withNext } from '../record-lists.ts'
import { entityNamed, openSession, tenantNamed, withHelper } from '../session.ts'
import { textTable } from '../text-table.ts'
import { usageError } from '../usage-error.ts'

/** How many pairs of a band are shown with the counts. */
const samples = 5

/** `standardise TENANT ENTITY`: matches both sides and stores what may be the same thing (CU6). Writes nothing at any side. */
export function standardise(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string]
  return withHelper(context, tenant, async (runner, setup) => {
    const plugin = entityNamed(setup, entity)
    const from = sideOf(plugin, options)
    const run = await runner.desk(tenant, 'standardise.match', { entity, from }, { signal: context.signal })
    const store = runner.store.forTenant(tenant)
    const shown = await Promise.all(
      suggestedBands.map(async (band) => (await suggestionPage(store, entity, { band, limit: samples })).suggestions),
    )
    const all = shown.flat()
    context.print({
      document: { tenant, ...run, samples: all },
      table: [countsTable(context, run), pairsTable(context, plugin, all), nextSteps(context, tenant, run)]
        .filter((part) => part !== '')
        .join('\n\n'),
    })
    return exitCode.ok
  })
}

function sideOf(plugin: EntityPlugin, options: Options): SystemId {
  const from = options['from'] as string
  if (plugin.sides.includes(from)) return from
  const sides = plugin.sides.join(', ')
  throw usageError(
    `"${plugin.id}" không có ở "${from}"; có ở: ${sides}`,
    `"${plugin.id}" is not at "${from}"; it is at: ${sides}`,
    'SYSTEM_UNKNOWN',
  )
}

function countsTable({ t }: CliContext, run: MatchRun): string {
  const head = [t('Bên', 'Side'), t('Bản ghi', 'Records'), t('Chưa liên kết', 'Not linked'), t('Không có cặp', 'Alone')]
  const rows = Object.keys(run.records).map((side) => [
    side,
    run.records[side] ?? 0,
    run.unlinked[side] ?? 0,
    run.alone[side] ?? 0,
  ])
  const { link, ask, duplicate } = run.bands
  const bands = t(
    `Gợi ý: ${link} cặp tự liên kết được (link), ${ask} cặp cần hỏi (ask), ${duplicate} cặp trùng lặp trong một bên (duplicate)`,
    `Suggested: ${link} pairs that link by themselves (link), ${ask} to ask about (ask), ${duplicate} duplicates inside one side (duplicate)`,
  )
  return `${textTable(head, rows)}\n${bands}`
}

function pairsTable(context: CliContext, plugin: EntityPlugin, all: readonly Suggestion[]): string {
  if (all.length === 0) return ''
  const { t, language } = context
  const rows = all.map(({ id, band, score, records, evidence }) => [
    id,
    band,
    score,
    ...records.map(({ side, key, name }) => `${key ?? ''} ${name} (${side})`.trim()),
    evidence.map(({ text }) => text[language]).join('; '),
  ])
  const [first, second] = [t('Bản ghi', 'Record'), t('Bản ghi kia', 'The other')]
  const head = [t('Cặp', 'Pair'), t('Mức', 'Band'), t('Điểm', 'Score'), first, second, t('Vì sao', 'Why')]
  return `${plugin.labels[language]}\n${textTable(head, rows)}`
}

function nextSteps({ t }: CliContext, tenant: string, { entity, bands, from, alone }: MatchRun): string {
  const command = (rest: string) => `  amis-sync standardise ${rest}`
  const lines = [
    ...(bands.link > 0 ? [command(`accept ${tenant} ${entity} --band link`)] : []),
    ...(bands.ask > 0 ? [command(`review ${tenant} ${entity} --band ask`)] : []),
    ...(bands.duplicate > 0 ? [command(`review ${tenant} ${entity} --band duplicate`)] : []),
    ...((alone[from] ?? 0) > 0 ? [command(`create ${tenant} ${entity} --from ${from}`)] : []),
  ]
  return lines.length === 0 ? '' : [t('Việc tiếp theo:', 'What next:'), ...lines].join('\n')
}

/** `standardise review`: suggested pairs of a band, side by side, with the evidence. */
export async function review(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string]
  const band = options['band'] as SuggestedBand | 'rejected'
  if (band !== 'rejected' && !suggestedBands.includes(band)) throw wrongBand(band, [...suggestedBands, 'rejected'])
  const limit = limitOf(options)
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    const plugin = entityNamed(session.setup, entity)
    const store = session.store.forTenant(tenant)
    const after = options['after'] as string | undefined
    if (band === 'rejected') return await reviewRejected(context, store, { tenant, entity, limit }, options)
    const page = await suggestionPage(store, entity, { band, limit, ...(after === undefined ? {} : { after }) })
    const run = await matchRun(store, entity)
    const { t } = context
    const none = run
      ? t('Không có cặp nào ở mức này.', 'There are no pairs in this band.')
      : t(
          `Chưa so khớp lần nào: amis-sync standardise ${tenant} ${entity}`,
          `Nothing was matched yet: amis-sync standardise ${tenant} ${entity}`,
        )
    const table = page.suggestions.length === 0 ? none : pairsTable(context, plugin, page.suggestions)
    context.print({
      document: { tenant, entity, band, ...page },
      rows: page.suggestions,
      table: withNext(context, table, page.next),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

/** Rejections stay: they are listed so that one can be undone. */
async function reviewRejected(
  context: CliContext,
  store: TenantStore,
  { tenant, entity, limit }: { readonly tenant: string; readonly entity: string; readonly limit: number },
  options: Options,
): Promise<number> {
  const { t } = context
  const after = options['after'] as string | undefined
  const { pairs, next } = await rejectedPairs(store, entity, { limit, ...(after === undefined ? {} : { after }) })
  const rows = pairs.map(({ id, by, at, records }) => [
    id,
    ...records.map(({ side, key, name }) => `${key} ${name} (${side})`),
    by,
    new Date(at).toISOString(),
  ])
  const head = [
    t('Cặp', 'Pair'),
    t('Bản ghi', 'Record'),
    t('Bản ghi kia', 'The other'),
    t('Ai', 'Who'),
    t('Khi', 'When'),
  ]
  const table = rows.length === 0 ? t('Chưa có cặp nào bị từ chối.', 'No pair was rejected.') : textTable(head, rows)
  context.print({
    document: { tenant, entity, band: 'rejected', pairs, ...(next === undefined ? {} : { next }) },
    rows: pairs,
    table: withNext(context, table, next),
  })
  return exitCode.ok
}

function wrongBand(band: string, known: readonly string[]) {
  const list = known.join(', ')
  return usageError(`Không có mức "${band}"; có: ${list}`, `There is no band "${band}"; there are: ${list}`)
}

/** `standardise accept`: links all pairs of a band, or single ones. */
export function accept(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string]
  const band = options['band'] as 'link' | 'ask' | undefined
  const named = options['pair'] as readonly string[] | undefined
  if ((band === undefined) === (named === undefined)) {
    throw usageError('Hãy cho --band link|ask hoặc --pair CẶP…', 'Give either --band link|ask or --pair PAIR…')
  }
  if (band !== undefined && !['link', 'ask'].includes(band)) throw wrongBand(band, ['link', 'ask'])
  const choices = Object.fromEntries(pairsOf(options, 'field'))
  const prefer = options['prefer'] as string | undefined
  const chosen = { choices, ...(prefer === undefined ? {} : { prefer }) }
  return withHelper(context, tenant, async (runner, setup) => {
    const plugin = entityNamed(setup, entity)
    const by = personOf(options)
    const ids = (named ?? []).filter((text) => !text.includes('='))
    const coded = (named ?? []).filter((text) => text.includes('='))
    const how = { signal: context.signal }
    const which = band ? { band } : { ids }
    const report =
      band || ids.length > 0
        ? await runner.desk(tenant, 'standardise.accept', { entity, by, ...which, ...chosen }, how)
        : { counts: {}, outcomes: [], untold: 0 }
    const pairs = coded.map((text) => ({ ...byCodes(plugin, text), ...chosen }))
    const linked = pairs.length > 0 ? await runner.desk(tenant, 'records.link', { by, pairs }, how) : []
    const { counts, outcomes, untold } = report
    if (untold > 0)
      context.say(context.t(`Và ${untold} cặp khác, chỉ được đếm`, `And ${untold} more pairs, only counted`))
    return printOutcomes(context, { tenant, entity, counts, untold }, [...outcomes, ...linked])
  })
}

function byCodes({ id, sides }: EntityPlugin, text: string) {
  const [a, b] = codePair(text, 'pair')
  return { entity: id, a: { side: sides[0], key: a }, b: { side: sides[1], key: b } }
}

/** `standardise reject`: two different things. */
export function reject(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  return decide(context, args, options, 'records.reject')
}

/** `standardise undo`: takes a decision back. */
export function undo(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  return decide(context, args, options, 'records.undo')
}

async function decide(
  context: CliContext,
  args: readonly string[],
  options: Options,
  operation: 'records.reject' | 'records.undo',
): Promise<number> {
  const [tenant, entity] = args as [string, string]
  const named = options['pair'] as readonly string[] | undefined
  if (!named) throw usageError('Hãy cho --pair CẶP…', 'Give --pair PAIR…')
  return withHelper(context, tenant, async (runner, setup) => {
    const plugin = entityNamed(setup, entity)
    const store = runner.store.forTenant(tenant)
    const pairs = await Promise.all(
      named.map(async (text) => {
        if (text.includes('=')) return byCodes(plugin, text)
        const [found] = await findSuggestions(store, entity, [text])
        const { records } = found ?? (await decisionOf(store, entity, text)) ?? {}
        if (records) return { entity, a: records[0], b: records[1] }
        throw usageError(
          `Không có cặp "${text}"; hãy cho MÃ=MÃ, hoặc xem lại standardise review`,
          `There is no pair "${text}"; give CODE=CODE, or see standardise review`,
        )
      }),
    )
    const outcomes = await runner.desk(tenant, operation, { by: personOf(options), pairs }, { signal: context.signal })
    return printOutcomes(context, { tenant, entity }, outcomes)
  })
}

/** `standardise create`: what has no counterpart is created at the other side, by the plugin's rules. */
export function create(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string]
  const keys = options['key'] as readonly string[] | undefined
  return withHelper(context, tenant, async (runner, setup) => {
    const from = sideOf(entityNamed(setup, entity), options)
    const input = { entity, from, ...(keys ? { keys } : {}) }
    const result = await runner.desk(tenant, 'standardise.create', input, { signal: context.signal })
    const { t } = context
    const { requested, created, leftAlone, unknown, byRule, queued } = result
    const lines = byRule
      ? [
          t(
            'Loại dữ liệu này không được tạo riêng theo chiều này; nó đi kèm bản ghi cần đến nó.',
            'Records of this type are not created this way by themselves; they go along with records that need them.',
          ),
        ]
      : [t(`Yêu cầu ${requested}, đã tạo ${created}`, `Asked for ${requested}, created ${created}`)]
    if (leftAlone > 0)
      lines.push(
        t(
          `${leftAlone} bản ghi có thể trùng với bên kia nên để lại: amis-sync standardise review ${tenant} ${entity}`,
          `${leftAlone} may be there already and were left alone: amis-sync standardise review ${tenant} ${entity}`,
        ),
      )
    if (unknown.length > 0)
      lines.push(
        t(`Không có, hoặc đã liên kết: ${unknown.join(', ')}`, `Not there, or linked already: ${unknown.join(', ')}`),
      )
    if (queued)
      lines.push(t('Việc được xếp hàng, chạy khi đồng bộ tiếp tục.', 'The work is queued until the sync goes on.'))
    else if (created < requested)
      lines.push(t(`Phần còn lại: amis-sync failures ${tenant}`, `The others: amis-sync failures ${tenant}`))
    context.print({ document: { tenant, entity, from, ...result }, table: lines.join('\n') })
    return unknown.length > 0 || (!queued && created < requested) ? exitCode.someFailed : exitCode.ok
  })
}
