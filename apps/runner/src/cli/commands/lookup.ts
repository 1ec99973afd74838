import { lookUpFigures } from '@amis-sync/engine'
import type { FigureAnswer } from '@amis-sync/engine'
import { didYouMean } from '../../config/did-you-mean.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { figureText, figureTroubles, timeText } from '../figure-text.ts'
import { entityNamed, openSession, tenantNamed } from '../session.ts'
import { textTable } from '../text-table.ts'
import { usageError } from '../usage-error.ts'

type Options = Readonly<Record<string, unknown>>

/** `lookup stock TENANT --product CODE` (ST2). */
export function lookupStock(context: CliContext, [tenant]: readonly string[], options: Options): Promise<number> {
  return lookup(context, tenant!, 'inventory', String(options['product']))
}

/** `lookup debt TENANT --customer CODE` (DE2). */
export function lookupDebt(context: CliContext, [tenant]: readonly string[], options: Options): Promise<number> {
  return lookup(context, tenant!, 'receivable', String(options['customer']))
}

/** Answers from the store alone: anybody may ask at any time, whoever holds the tenant. */
async function lookup(context: CliContext, tenant: string, entity: string, code: string): Promise<number> {
  const session = await openSession(context)
  try {
    tenantNamed(session.setup, tenant)
    const plugin = entityNamed(session.setup, entity)
    const found = await lookUpFigures(session.store.forTenant(tenant), plugin, code)
    if ('unknown' in found) throw unknownCode(code, found.known)
    context.print({
      document: { tenant, ...found },
      rows: rowsOf(found),
      table: describe(context, plugin.fields, found),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

function rowsOf({ entity, code, places, state }: FigureAnswer): unknown[] {
  const read = state?.readAt === undefined ? {} : { readAt: state.readAt }
  return places.map((place) => ({ entity, subject: code, ...place, ...read }))
}

function unknownCode(code: string, known: readonly string[]) {
  const meant = didYouMean(code, known)
  return usageError(
    `Không có mã "${code}". ${meant ? `Có phải "${meant}"?` : 'Hãy kiểm tra mã; mã mới có sau lần đọc số liệu tiếp theo.'}`,
    `There is no code "${code}". ${meant ? `Did you mean "${meant}"?` : 'Check the code; a new one is there after the next reading.'}`,
    'CODE_UNKNOWN',
  )
}

type Labels = Readonly<Record<string, { readonly labels?: { readonly vi: string; readonly en: string } }>>

function describe({ t, language }: CliContext, fields: Labels, found: FigureAnswer): string {
  const { code, name, unit, places, totals, state } = found
  const values = Object.keys(totals)
  const labels = values.map((value) => fields[value]?.labels?.[language] ?? value)
  const lines = [`${code}${name === undefined ? '' : ` · ${name}`}${unit === undefined ? '' : ` (${unit})`}`]
  if (places.length === 0) lines.push(t('Chưa có số liệu nào.', 'There are no figures.'))
  else {
    const columns = values.map((value, index) => {
      const all = [...places.map((place) => place.values[value] ?? null), totals[value] ?? null]
      return toTheRight([labels[index]!, ...all.map((one) => figureText(one, language))])
    })
    const head = [t('Mã', 'Code'), t('Tên', 'Name'), ...columns.map(([label]) => label!), t('Từ lúc', 'Since')]
    const cells = (row: number) => columns.map((column) => column[row + 1]!)
    const rows = places.map((place, row) => [place.code, place.name ?? '', ...cells(row), timeText(place.asOf)])
    lines.push(textTable(head, [...rows, [t('Tổng', 'Total'), '', ...cells(places.length), '']]))
  }
  lines.push(
    t(
      `Đọc từ Kế toán lần cuối: ${timeText(state?.asOf ?? state?.readAt)}`,
      `Read from Accounting last: ${timeText(state?.asOf ?? state?.readAt)}`,
    ),
  )
  for (const failure of figureTroubles(state)) lines.push(`⚠ ${failure.code}: ${failure[language]}`)
  return lines.join('\n')
}

/** Figures under each other by their last digit. */
function toTheRight(texts: readonly string[]): string[] {
  const widest = Math.max(...texts.map((text) => text.length))
  return texts.map((text) => text.padStart(widest))
}
