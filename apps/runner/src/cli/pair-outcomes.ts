import type { FieldChange, PairOutcome } from '@amis-sync/engine'
import { valueText } from '@amis-sync/engine'
import { exitCode } from './cli-context.ts'
import type { CliContext } from './cli-context.ts'
import { textTable } from './text-table.ts'
import { usageError } from './usage-error.ts'

/** What is told of one pair; suggestions that are no more have only an id. */
export type ToldOutcome = Pick<PairOutcome, 'text' | 'changes'> & {
  readonly state: string
  readonly id?: string
  readonly a?: string
  readonly b?: string
}

const failed: ReadonlySet<string> = new Set(['failed', 'refused', 'moved', 'gone', 'conflict'])

/** Prints what became of pairs; exit code 3 where one of them needs a person. */
export function printOutcomes(
  context: CliContext,
  about: Readonly<Record<string, unknown>>,
  outcomes: readonly ToldOutcome[],
): number {
  const { t, language } = context
  const rows = outcomes.map(({ id, a, b, state, text }) => [a ?? id ?? '', b ?? '', state, text[language]])
  const head = [t('Bản ghi', 'Record'), t('Bản ghi kia', 'The other'), t('Kết quả', 'Result'), t('Lý do', 'Why')]
  const changes = outcomes.flatMap((one) => (one.changes ?? []).map((change) => changeRow(one, change)))
  const changeHead = [
    t('Bản ghi', 'Record'),
    t('Bên', 'Side'),
    t('Trường', 'Field'),
    t('Trước', 'Before'),
    t('Nay', 'Now'),
  ]
  const none = t('Không có cặp nào.', 'There are no pairs.')
  const parts = [rows.length === 0 ? none : textTable(head, rows)]
  if (changes.length > 0) parts.push(textTable(changeHead, changes))
  context.print({ document: { ...about, outcomes }, rows: outcomes, table: parts.join('\n\n') })
  return outcomes.some(({ state }) => failed.has(state)) ? exitCode.someFailed : exitCode.ok
}

function changeRow({ a = '', b = '' }: ToldOutcome, { side, field, before, now }: FieldChange): string[] {
  return [`${a} = ${b}`, side, field, valueText(before), valueText(now)]
}

/** `A=B` to two codes. */
export function codePair(text: string, option: string): readonly [string, string] {
  const at = text.indexOf('=')
  const [a, b] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at > 0 && a !== '' && b !== '') return [a, b]
  throw usageError(
    `--${option} cần dạng MÃ=MÃ (bên thứ nhất trước), không phải "${text}"`,
    `--${option} wants CODE=CODE (the first side first), not "${text}"`,
  )
}
