import type { Conflict, ConflictDecision, DecisionOutcome, FieldChoice } from '@amis-sync/engine'
import type { Runner } from '../../runner.ts'
import type { Setup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { type Options, pairsOf, personOf } from '../record-lists.ts'
import { entityNamed, withHelper } from '../session.ts'
import { textTable } from '../text-table.ts'
import { usageError } from '../usage-error.ts'
import { conflictNamed, listConflicts } from './conflicts.ts'
import { resolvePair } from './resolve-pair.ts'

/** So many decisions go to the engine at a time. */
const batchSize = 100

/** `conflicts resolve TENANT [ID] …` (D5, D6). */
export async function resolveConflict(context: CliContext, args: readonly string[], options: Options): Promise<number> {
  const [tenant, id] = args as [string, string | undefined]
  if (options['same'] === true || options['different'] === true) return resolvePair(context, tenant, id, options)
  const choose = chooser(options)
  if ((id === undefined) !== (options['all'] === true)) {
    throw usageError('Hãy cho mã xung đột, hoặc --all', "Give the conflict's id, or --all")
  }
  return withHelper(context, tenant, async (runner, setup) => {
    const conflicts = await chosen(runner, setup, tenant, id, options)
    const outcomes: DecisionOutcome[] = []
    for (let start = 0; start < conflicts.length; start += batchSize) {
      const decisions = conflicts.slice(start, start + batchSize).map((one) => decisionOn(one, choose))
      const input = { by: personOf(options), decisions }
      outcomes.push(...(await runner.desk(tenant, 'conflicts.resolve', input, { signal: context.signal })))
    }
    return print(context, tenant, conflicts, outcomes)
  })
}

type Chooser = (conflict: Conflict) => Readonly<Record<string, FieldChoice>>

/** `--side` for every field, `--field` and `--value` for single ones. */
function chooser(options: Options): Chooser {
  const side = options['side'] as string | undefined
  const sides = pairsOf(options, 'field')
  const values = pairsOf(options, 'value')
  if (side === undefined && sides.length + values.length === 0) {
    throw usageError(
      'Hãy cho --side BÊN, --field trường=bên hoặc --value trường=giá-trị',
      'Give --side SYSTEM, --field field=system or --value field=value',
    )
  }
  return ({ fields }) => ({
    ...(side === undefined ? {} : Object.fromEntries(fields.map(({ field }) => [field, { side }]))),
    ...Object.fromEntries(sides.map(([field, system]) => [field, { side: system }])),
    ...Object.fromEntries(values.map(([field, text]) => [field, { text }])),
  })
}

async function chosen(
  runner: Runner,
  setup: Setup,
  tenant: string,
  id: string | undefined,
  options: Options,
): Promise<Conflict[]> {
  const session = { setup, store: runner.store, close: async () => undefined }
  if (id !== undefined) {
    const conflict = await conflictNamed(session, tenant, id)
    if (conflict.kind === 'pair') throw isPair(tenant, conflict)
    return [conflict]
  }
  const entity = options['entity'] as string | undefined
  const filter = entity === undefined ? {} : { entity: entityNamed(setup, entity).id }
  const found: Conflict[] = []
  for await (const one of listConflicts(session, tenant, filter)) if (one.kind === 'fields') found.push(one)
  return found
}

function isPair(tenant: string, { id, key }: Conflict) {
  return usageError(
    `"${key}" là hai bản ghi trùng mã, chưa liên kết: amis-sync conflicts resolve ${tenant} ${id} --same | --different`,
    `"${key}" are two records of one code that are not linked: amis-sync conflicts resolve ${tenant} ${id} --same | --different`,
  )
}

function decisionOn(conflict: Conflict, choose: Chooser): ConflictDecision {
  const { entity, link, seen } = conflict
  return { entity, link, seen, fields: choose(conflict) }
}

function print(
  context: CliContext,
  tenant: string,
  conflicts: readonly Conflict[],
  outcomes: readonly DecisionOutcome[],
): number {
  const { t, language } = context
  const rows = outcomes.map((outcome) => {
    const { id, entity, key } = conflicts.find(({ link }) => link === outcome.link)!
    return { id, entity, key, ...outcome }
  })
  const cells = rows.map(({ id, entity, key, state, text }) => [id, entity, key, state, text[language]])
  const head = ['ID', t('Loại', 'Type'), t('Bản ghi', 'Record'), t('Kết quả', 'Result'), t('Lý do', 'Why')]
  context.print({
    document: { tenant, outcomes: rows },
    rows,
    table: rows.length === 0 ? t('Không có xung đột nào.', 'There are no conflicts.') : textTable(head, cells),
  })
  return rows.every(({ state }) => state === 'settled' || state === 'queued') ? exitCode.ok : exitCode.someFailed
}
