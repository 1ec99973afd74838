import type { Candidate, Conflict } from '@amis-sync/engine'
import type { Runner } from '../../runner.ts'
import type { Setup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { type Options, pairsOf, personOf } from '../record-lists.ts'
import { withHelper } from '../session.ts'
import { usageError } from '../usage-error.ts'
import { conflictNamed } from './conflicts.ts'

/** `conflicts resolve TENANT ID --same | --different`: two records that may be the same thing (D5). */
export async function resolvePair(
  context: CliContext,
  tenant: string,
  id: string | undefined,
  options: Options,
): Promise<number> {
  const same = options['same'] === true
  if (id === undefined || same === (options['different'] === true)) {
    throw usageError(
      'Hãy cho mã xung đột với --same hoặc --different',
      "Give the conflict's id, with --same or --different",
    )
  }
  return withHelper(context, tenant, async (runner, setup) => {
    const conflict = await pairNamed(runner, setup, tenant, id)
    const other = candidateOf(conflict, options['with'] as string | undefined)
    const pair = { entity: conflict.entity, a: { link: conflict.link }, b: { link: other.link, side: other.side } }
    const more = { signal: context.signal }
    const by = personOf(options)
    const [outcome] = same
      ? await runner.desk(tenant, 'records.link', { by, pairs: [{ ...pair, ...choicesOf(options) }] }, more)
      : await runner.desk(tenant, 'records.reject', { by, pairs: [pair] }, more)
    const { entity, key } = conflict
    const text = `${entity} ${key} / ${other.key}: ${outcome!.text[context.language]}`
    context.print({ document: { tenant, id: conflict.id, entity, key, with: other.key, ...outcome }, table: text })
    return outcome!.state === 'refused' || outcome!.state === 'failed' ? exitCode.someFailed : exitCode.ok
  })
}

/** Whose values hold where the two differ. */
function choicesOf(options: Options): { choices?: Record<string, string>; prefer?: string } {
  const fields = pairsOf(options, 'field')
  const side = options['side'] as string | undefined
  return {
    ...(fields.length > 0 ? { choices: Object.fromEntries(fields) } : {}),
    ...(side === undefined ? {} : { prefer: side }),
  }
}

async function pairNamed(runner: Runner, setup: Setup, tenant: string, id: string): Promise<Conflict> {
  const session = { setup, store: runner.store, close: async () => undefined }
  const conflict = await conflictNamed(session, tenant, id)
  if (conflict.kind === 'pair') return conflict
  throw usageError(
    `"${conflict.key}" là một bản ghi mà hai bên cùng sửa: dùng --side, --field hoặc --value`,
    `"${conflict.key}" is one record that both sides changed: use --side, --field or --value`,
  )
}

function candidateOf({ candidates, key }: Conflict, typed: string | undefined): Candidate {
  const free = candidates.filter(({ linked }) => !linked)
  const meant = typed === undefined ? free : free.filter((one) => one.key.toLowerCase() === typed.toLowerCase())
  if (meant.length === 1) return meant[0]!
  const list = candidates.map((one) => `${one.key}${one.linked ? ' (⇄)' : ''}`).join(', ')
  throw usageError(
    `Hãy chọn bản ghi ở bên kia cho "${key}" bằng --with MÃ; có: ${list === '' ? '–' : list}`,
    `Choose the record at the other side of "${key}" by --with CODE; there are: ${list === '' ? '–' : list}`,
  )
}
