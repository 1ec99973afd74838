import type { PairingRow } from '@amis-sync/engine'
import type { EntityPlugin } from '@amis-sync/core'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import type { Runner } from '../../runner.ts'
import { codePair, printOutcomes } from '../pair-outcomes.ts'
import { type Options, personOf } from '../record-lists.ts'
import { entityNamed, withHelper } from '../session.ts'
import { textTable } from '../text-table.ts'
import { usageError } from '../usage-error.ts'

const units = 'organization-unit'

/** `pair TENANT`: organisation units of both sides; `--set`, `--accept-suggestions` and `--undo` change pairs (C1, C2). */
export function pair(context: CliContext, [tenant]: readonly string[], options: Options): Promise<number> {
  const set = options['set'] as readonly string[] | undefined
  const undo = options['undo'] as readonly string[] | undefined
  const accepting = options['acceptSuggestions'] === true
  if ([set, undo, accepting || undefined].filter((one) => one !== undefined).length > 1) {
    throw usageError(
      'Mỗi lần chỉ dùng một trong --set, --accept-suggestions, --undo',
      'Use one of --set, --accept-suggestions and --undo at a time',
    )
  }
  return withHelper(context, tenant!, async (runner, setup) => {
    const plugin = entityNamed(setup, units)
    const by = personOf(options)
    const how = { signal: context.signal }
    if (undo) {
      const pairs = undo.map((text) => named(plugin, codePair(text, 'undo')))
      return printOutcomes(context, { tenant }, await runner.desk(tenant!, 'records.undo', { by, pairs }, how))
    }
    const rows = await runner.desk(tenant!, 'pairing.list', { entity: units }, how)
    if (!set && !accepting) return show(context, tenant!, plugin, rows)
    const pairs = set
      ? set.map((text) => named(plugin, codePair(text, 'set')))
      : rows.flatMap(({ state, unsure, records }) => {
          const [a, b] = plugin.sides.map((side) => records[side]?.key)
          return state === 'suggested' && !unsure && a && b ? [named(plugin, [a, b])] : []
        })
    return printOutcomes(context, { tenant }, await link(runner, tenant!, { by, pairs }, context))
  })
}

function link(
  runner: Runner,
  tenant: string,
  input: { readonly by: string; readonly pairs: readonly ReturnType<typeof named>[] },
  { signal }: CliContext,
) {
  return input.pairs.length === 0 ? [] : runner.desk(tenant, 'records.link', input, { signal })
}

function named({ id, sides }: EntityPlugin, [a, b]: readonly [string, string]) {
  return { entity: id, a: { side: sides[0], key: a }, b: { side: sides[1], key: b } }
}

function show(
  context: CliContext,
  tenant: string,
  { sides, labels }: EntityPlugin,
  rows: readonly PairingRow[],
): number {
  const { t, language } = context
  const cells = rows.map((row) => [
    ...sides.map((side) => {
      const record = row.records[side]
      return record ? `${record.key} ${record.name}` : '–'
    }),
    told(context, row, sides),
  ])
  const open = rows.filter(({ state }) => state === 'suggested')
  const next = [
    ...(open.some(({ unsure }) => !unsure) ? [`  amis-sync pair ${tenant} --accept-suggestions`] : []),
    ...(open.length > 0 ? [`  amis-sync pair ${tenant} --set MÃ-HỆ-THỐNG=MÃ-KẾ-TOÁN`] : []),
    ...(rows.some(({ state, records, inactive }) => state === 'only' && records[sides[0]] && !inactive)
      ? [`  amis-sync sync ${tenant} ${units} --all --from ${sides[0]}`]
      : []),
    ...(rows.some(({ state, records, inactive }) => state === 'only' && records[sides[1]] && !inactive)
      ? [
          t(
            '  Đơn vị chỉ có ở Kế toán: ghép bằng --set, hoặc ngừng theo dõi ở đó nếu không dùng nữa',
            '  Units that only Accounting has: pair them with --set, or make them inactive there',
          ),
        ]
      : []),
  ]
  const table = [`${labels[language]}\n${textTable([...sides, t('Tình trạng', 'State')], cells)}`]
  if (next.length > 0) table.push([t('Việc tiếp theo:', 'What next:'), ...next].join('\n'))
  context.print({ document: { tenant, rows }, rows, table: table.join('\n\n') })
  return exitCode.ok
}

function told(
  { t }: CliContext,
  { state, by, unsure, inactive, records }: PairingRow,
  sides: readonly string[],
): string {
  if (state === 'paired') return t('đã ghép', 'paired')
  if (state === 'suggested') {
    const why = by === 'code' ? t('trùng mã', 'same code') : t('trùng tên', 'same name')
    const doubt = unsure ? t(', có nhiều khả năng', ', one of several') : ''
    return t(`gợi ý (${why}${doubt}), chưa xác nhận`, `suggested (${why}${doubt}), not confirmed`)
  }
  const missing = sides.find((side) => !records[side])
  if (inactive) return t('không dùng nữa, không cần ghép', 'not in use, needs no twin')
  return t(`chưa có ở ${missing}`, `missing at ${missing}`)
}
