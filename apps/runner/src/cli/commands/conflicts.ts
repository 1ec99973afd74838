import { conflictsOf, valueText } from '@amis-sync/engine'
import type { Conflict, ConflictFilter, DisputedField, SystemNames } from '@amis-sync/engine'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { timeText } from '../figure-text.ts'
import { type Options, pageOf, systemNames, withNext } from '../record-lists.ts'
import { type Session, entityNamed, openSession, tenantNamed } from '../session.ts'
import { textTable } from '../text-table.ts'
import { usageError } from '../usage-error.ts'

/** `conflicts TENANT [ENTITY]`: what a person decides (D5, D6). */
export async function conflicts(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, entity] = args as [string, string | undefined]
  const session = await openSession(context)
  try {
    const filter = entity === undefined ? {} : { entity: entityNamed(session.setup, entity).id }
    const { rows, next } = await pageOf(listConflicts(session, tenant, filter), options)
    const { t } = context
    const table = rows.length === 0 ? t('Không có xung đột nào.', 'There are no conflicts.') : tableOf(context, rows)
    const hint = t(
      `\nQuyết định: amis-sync conflicts resolve ${tenant} ID --side crm | --field trường=crm | --value trường=…`,
      `\nDecide: amis-sync conflicts resolve ${tenant} ID --side crm | --field field=crm | --value field=…`,
    )
    context.print({
      document: { tenant, conflicts: rows, ...(next === undefined ? {} : { next }) },
      rows,
      table: rows.length === 0 ? table : withNext(context, table + hint, next),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

export function listConflicts({ setup, store }: Session, tenant: string, filter: ConflictFilter) {
  const { settings } = tenantNamed(setup, tenant)
  return conflictsOf(store.forTenant(tenant), setup.loaded.plugins, settings, filter)
}

/** The conflict of that id or record code; throws `CONFLICT_UNKNOWN`, or says that several have the code. */
export async function conflictNamed(session: Session, tenant: string, typed: string): Promise<Conflict> {
  const found: Conflict[] = []
  for await (const one of listConflicts(session, tenant, { ids: [typed] })) found.push(one)
  if (found.length === 1) return found[0]!
  if (found.length === 0) {
    throw usageError(
      `Không có xung đột "${typed}". Xem: amis-sync conflicts ${tenant}`,
      `There is no conflict "${typed}". See: amis-sync conflicts ${tenant}`,
      'CONFLICT_UNKNOWN',
    )
  }
  const list = found.map(({ id, entity }) => `${id} (${entity})`).join(', ')
  throw usageError(
    `Mã "${typed}" có nhiều xung đột; hãy chọn: ${list}`,
    `"${typed}" has several conflicts; choose: ${list}`,
  )
}

/** `conflicts show TENANT ID`. */
export async function showConflict(context: CliContext, [tenant, id]: readonly string[]): Promise<number> {
  const session = await openSession(context)
  try {
    const conflict = await conflictNamed(session, tenant!, id!)
    context.print({
      document: { tenant, conflict },
      table: describe(context, systemNames(session.setup), tenant!, conflict),
    })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

function tableOf({ t, language }: CliContext, rows: readonly Conflict[]): string {
  const lines = rows.flatMap((one) => {
    const head = [one.id, one.entity, one.key]
    if (one.kind === 'pair') {
      const others = one.candidates.map(
        ({ side, key, name }) => `${side}:${key}${name === undefined ? '' : ` ${name}`}`,
      )
      return [[...head, t('trùng mã', 'same code'), others.join(', '), '']]
    }
    return one.fields.map(({ field, labels, values, base }) => [
      ...head,
      `${labels[language]} (${field})`,
      Object.entries(values)
        .map(([side, value]) => `${side} = ${valueText(value)}`)
        .join(' · '),
      valueText(base),
    ])
  })
  const head = ['ID', t('Loại', 'Type'), t('Bản ghi', 'Record'), t('Trường', 'Field')]
  return textTable([...head, t('Hai bên', 'Both sides'), t('Lần thống nhất cuối', 'Last agreed')], lines)
}

function describe(context: CliContext, names: SystemNames, tenant: string, one: Conflict): string {
  const { t, language } = context
  const name = (side: string) => names[side]?.[language] ?? side
  const lines = [
    `${one.id}  ${one.entity} ${one.key}${one.name === undefined ? '' : ` · ${one.name}`}`,
    one.text[language],
  ]
  lines.push(t(`Từ ${timeText(one.since)}`, `Since ${timeText(one.since)}`))
  for (const [side, { by, at }] of Object.entries(one.edits)) {
    lines.push(
      t(
        `${name(side)}: sửa lần cuối bởi ${by ?? '?'} lúc ${at ?? '?'}`,
        `${name(side)}: changed last by ${by ?? '?'} at ${at ?? '?'}`,
      ),
    )
  }
  if (one.fields.length > 0) {
    const sides = Object.keys(one.fields[0]!.values)
    const rows = one.fields.map((field) => [
      `${field.labels[language]} (${field.field})`,
      ...sides.map((side) => valueText(field.values[side])),
      valueText(field.base),
      ruleText(context, field),
    ])
    const head = [
      t('Trường', 'Field'),
      ...sides.map(name),
      t('Lần thống nhất cuối', 'Last agreed'),
      t('Quy tắc', 'Rule'),
    ]
    lines.push('', textTable(head, rows))
  }
  for (const [field, choice] of Object.entries(one.chosen)) {
    const value = valueText(choice.side === undefined ? choice.value : choice.seen[choice.side])
    lines.push(t(`Đã chọn ${field} = ${value} (${choice.by})`, `Chosen: ${field} = ${value} (${choice.by})`))
  }
  for (const { side, key, name: called, linked } of one.candidates) {
    const more = linked ? t(', đã liên kết với bản ghi khác', ', linked with another record') : ''
    lines.push(`${name(side)}: ${key}${called === undefined ? '' : ` · ${called}`}${more}`)
  }
  lines.push(
    '',
    one.kind === 'pair'
      ? t(
          `→ amis-sync conflicts resolve ${tenant} ${one.id} --same (là một) | --different (là hai)`,
          `→ amis-sync conflicts resolve ${tenant} ${one.id} --same | --different`,
        )
      : t(
          `→ amis-sync conflicts resolve ${tenant} ${one.id} --side crm | --field trường=crm | --value trường=…`,
          `→ amis-sync conflicts resolve ${tenant} ${one.id} --side crm | --field field=crm | --value field=…`,
        ),
  )
  return lines.join('\n')
}

function ruleText({ t }: CliContext, { rule }: DisputedField): string {
  const why = {
    field: t('tệp cấu hình, cho trường này', 'tenant file, for this field'),
    entity: t('tệp cấu hình, cho loại này', 'tenant file, for this type'),
    plugin: t('mặc định của trường', "the field's default"),
  }
  return `${rule.is} (${why[rule.from]})`
}
