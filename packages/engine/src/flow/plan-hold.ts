import { type Canonical, type Link, type SystemId, type WorkHint, decide, otherSide } from '@amis-sync/core'
import { budgetWindowMs } from '../pure/write-budget.ts'
import type { Bench } from './bench.ts'
import { recordName } from './complete.ts'
import { failureFrom, refreshed, withTrail } from './link-draft.ts'
import type { Group, Judgement, Settlement } from './observation.ts'
import type { Missing } from './references.ts'

/** Waits for what is missing; asks for what the rules let go along. */
export function waitFor(bench: Bench, group: Group, missing: readonly Missing[], link: Link | undefined): Judgement {
  const named = missing.find(({ byName }) => byName !== undefined)
  if (named) return nameless(group, named, link)
  const pull = missing
    .filter(({ reference, hint }) => mayGoAlong(bench, reference.missing, hint))
    .map(({ hint }) => hint)
  const needed = [...new Set(missing.map(({ label }) => label))]
  const names = needed.join(', ')
  const settle: Settlement = {
    state: 'waiting',
    waitingFor: [...new Set(missing.map(({ key }) => key))],
    failure: failureFrom('WAITING_FOR_REFERENCE', {
      vi: `${recordName(group)} đang chờ: ${names}.`,
      en: `${recordName(group)} waits for: ${names}.`,
    }),
  }
  return {
    kind: 'keep',
    group,
    ...(link ? { link } : {}),
    settle,
    counts: 'waiting',
    needs: missing.map(({ hint }) => hint),
    needed,
    pull,
  }
}

/** The system gives only a name, and not exactly one record has it (contract §1.4 rule 3): a person decides. */
function nameless(group: Group, { byName, reference }: Missing, link: Link | undefined): Judgement {
  const { name, count } = byName!
  const failure = failureFrom(
    count > 1 ? 'NAME_AMBIGUOUS' : 'NAME_UNKNOWN',
    {
      vi: `${recordName(group)}: hệ thống chỉ cho biết tên "${name}" (${reference.path}), ${count > 1 ? `mà có ${count} bản ghi cùng tên` : 'mà chưa bản ghi nào đã biết có tên này'}. Hãy đặt tên khác nhau, rồi gửi lại.`,
      en: `${recordName(group)}: the system tells only the name "${name}" (${reference.path}), and ${count > 1 ? `${count} records have it` : 'no record that is known has it'}. Give them different names, then send it again.`,
    },
    'needsPerson',
  )
  return { kind: 'keep', group, ...(link ? { link } : {}), settle: { state: 'blocked', failure }, counts: 'failed' }
}

function mayGoAlong(bench: Bench, rule: 'pull' | 'require' | 'omit', hint: WorkHint): boolean {
  const plugin = bench.context.views.get(hint.entity)?.plugin
  if (!plugin || rule === 'omit') return false
  if (rule === 'pull') return true
  const question = { from: hint.side, to: otherSide(plugin, hint.side), link: 'unlinked', event: 'seen' } as const
  return (
    decide(plugin.policy, { ...question, triggers: new Set(), pulledBy: new Set(hint.pulledBy) }).action === 'create'
  )
}

/** A record that waits is known to the registry, so that others can find it. */
export function waitingLink(bench: Bench, group: Group, from: SystemId, value: Canonical): Link | undefined {
  if (group.link.revision > 0) return undefined
  const at = { ...refreshed(group.link.sides[from]!, group, from), known: value }
  return withTrail(
    { ...group.link, sides: { ...group.link.sides, [from]: at } },
    { at: bench.context.clock.now(), what: 'hold', why: 'WAITING_FOR_REFERENCE', from },
  )
}

/** No table of the target takes the record. */
export function refuse(bench: Bench, group: Group, from: SystemId, value: Canonical): Judgement {
  const failure = failureFrom('NO_PLACE_AT_TARGET', {
    vi: `${recordName(group)}: bên kia không có bảng nào nhận bản ghi này.`,
    en: `${recordName(group)}: the other side has no table that takes this record.`,
  })
  const link = waitingLink(bench, group, from, value)
  return { kind: 'keep', group, ...(link ? { link } : {}), settle: { state: 'parked', failure }, counts: 'failed' }
}

/** Two sides that will not agree are not written to for ever: the record rests, and says so. */
export function overBudget(bench: Bench, group: Group): Judgement {
  const failure = failureFrom('WRITE_BUDGET', {
    vi: `${recordName(group)} bị ghi qua lại liên tục giữa hai bên; tạm dừng ${budgetWindowMs / 1000} giây. Hãy xem ai đang sửa trường này ở bên kia.`,
    en: `${recordName(group)} is being written to and fro; it rests for ${budgetWindowMs / 1000} s. See who edits this field at the other side.`,
  })
  const notBefore = bench.context.clock.now() + budgetWindowMs
  return { kind: 'keep', group, settle: { state: 'failed', failure, attempts: 0, notBefore }, counts: 'failed' }
}
