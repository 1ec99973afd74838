import type { Direction, DirectionPolicy, Rule, SystemId } from './direction-policy.ts'

/**
 * What is known about a record's twin.
 *
 * - `unlinked`: no twin, and nothing at the other side matches.
 * - `candidate`: one unlinked record at the other side has the same key.
 * - `ambiguous`: several do.
 * - `linked`: the twin is known.
 */
export type LinkState = 'unlinked' | 'candidate' | 'ambiguous' | 'linked'

export const linkStates: readonly LinkState[] = ['unlinked', 'candidate', 'ambiguous', 'linked']

export interface Question {
  readonly from: SystemId
  readonly to: SystemId
  readonly link: LinkState
  /** `seen`: the record exists at `from` as it is now; `deleted`: it is gone there. */
  readonly event: 'seen' | 'deleted'
  /** Triggers that hold: ways of asking and facts of the record. */
  readonly triggers: ReadonlySet<string>
  /** Entity types whose records need this one. */
  readonly pulledBy: ReadonlySet<string>
}

export type Action = 'create' | 'link' | 'update' | 'deactivate' | 'ignore' | 'hold' | 'conflict'

/** Why. Stable codes with texts in `reasons`. */
export type ReasonCode = keyof typeof reasons

export interface Verdict {
  readonly action: Action
  readonly reason: ReasonCode
}

/** Every reason in both languages; operators read them in `why`. */
export const reasons = {
  RULE_ALWAYS: { vi: 'Luôn đồng bộ theo quy tắc', en: 'The rule says: always' },
  LINKED: { vi: 'Bản ghi đã được liên kết', en: 'The record is already linked' },
  PULLED: { vi: 'Đi kèm vì bản ghi khác cần', en: 'It goes along because another record needs it' },
  TRIGGERED: { vi: 'Được yêu cầu', en: 'It was asked for' },
  NOT_NEEDED_YET: { vi: 'Chưa có bản ghi nào cần nên chưa gửi', en: 'No record needs it yet, so it is not sent' },
  NOT_REQUESTED: { vi: 'Chưa được yêu cầu nên chưa gửi', en: 'It was not asked for, so it is not sent' },
  NOT_LINKED: { vi: 'Bên kia chưa có bản ghi này', en: 'The other side does not have it' },
  ONE_WAY: { vi: 'Chiều này không đồng bộ', en: 'Nothing travels in this direction' },
  SAME_KEY: {
    vi: 'Trùng mã ở hai bên nhưng chưa liên kết; cần người quyết định',
    en: 'Same code on both sides, not linked; a person decides',
  },
  AMBIGUOUS: {
    vi: 'Nhiều bản ghi cùng mã ở bên kia; cần người quyết định',
    en: 'Several records match at the other side; a person decides',
  },
  MATCHED: { vi: 'Trùng mã, được liên kết', en: 'Same code: linked' },
  ASK: { vi: 'Quy tắc yêu cầu người quyết định', en: 'The rule asks a person' },
  GONE: { vi: 'Bản ghi đã bị xóa ở bên kia', en: 'The record is gone at the other side' },
} as const

type Answer = 'yes' | 'no' | 'ask'

/** Does a rule hold? `ask` wins only when nothing else says yes. */
export function ruleHolds(rule: Rule, question: Question): Answer {
  if (rule === 'never') return 'no'
  if (rule === 'always') return 'yes'
  if (rule === 'ifLinked') return question.link === 'linked' ? 'yes' : 'no'
  if (rule === 'ask') return 'ask'
  if (isList(rule)) {
    const answers = rule.map((one) => ruleHolds(one, question))
    return answers.includes('yes') ? 'yes' : answers.includes('ask') ? 'ask' : 'no'
  }
  if ('ifPulled' in rule) return rule.ifPulled.some((entity) => question.pulledBy.has(entity)) ? 'yes' : 'no'
  return rule.onTrigger.some((trigger) => question.triggers.has(trigger)) ? 'yes' : 'no'
}

function isList(rule: Rule): rule is readonly Rule[] {
  return Array.isArray(rule)
}

function flat(rule: Rule): readonly Rule[] {
  return isList(rule) ? rule.flatMap(flat) : [rule]
}

/** Why a rule did not hold, as helpful as can be said. */
function refusal(rule: Rule): ReasonCode {
  const parts = flat(rule)
  if (parts.some((part) => typeof part === 'object' && 'ifPulled' in part)) return 'NOT_NEEDED_YET'
  if (parts.some((part) => typeof part === 'object' && 'onTrigger' in part)) return 'NOT_REQUESTED'
  return parts.includes('ifLinked') ? 'NOT_LINKED' : 'ONE_WAY'
}

function consent(rule: Rule, question: Question): ReasonCode {
  for (const part of flat(rule)) {
    if (ruleHolds(part, question) !== 'yes') continue
    if (part === 'ifLinked') return 'LINKED'
    if (typeof part === 'object' && 'ifPulled' in part) return 'PULLED'
    if (typeof part === 'object') return 'TRIGGERED'
  }
  return 'RULE_ALWAYS'
}

function answer(action: Action, rule: Rule, question: Question, otherwise: Verdict): Verdict {
  const holds = ruleHolds(rule, question)
  if (holds === 'yes') return { action, reason: consent(rule, question) }
  return holds === 'ask' ? { action: 'conflict', reason: 'ASK' } : otherwise
}

export function directionOf(policy: DirectionPolicy, from: SystemId, to: SystemId): Direction | undefined {
  return policy.directions.find((direction) => direction.from === from && direction.to === to)
}

/**
 * May this record travel, and how? Pure: the whole truth table is generated from it (docs/decision-table.md) and guarded by CI.
 * A record that may not be created is ignored even when the other side has one of the same key: the pair is nobody's business yet.
 */
export function decide(policy: DirectionPolicy, question: Question): Verdict {
  const direction = directionOf(policy, question.from, question.to)
  if (!direction) return { action: 'ignore', reason: 'ONE_WAY' }
  const linked = question.link === 'linked'
  if (question.event === 'deleted') {
    if (!linked) return { action: 'ignore', reason: 'NOT_LINKED' }
    return answer('deactivate', direction.deactivate, question, {
      action: 'ignore',
      reason: refusal(direction.deactivate),
    })
  }
  if (linked)
    return answer('update', direction.update, question, { action: 'ignore', reason: refusal(direction.update) })

  const create = answer('create', direction.create, question, { action: 'ignore', reason: refusal(direction.create) })
  if (question.link === 'unlinked' || create.action === 'conflict') return create
  const mayLink = ruleHolds(direction.link, question)
  if (question.link === 'candidate' && mayLink === 'yes') return { action: 'link', reason: 'MATCHED' }
  if (create.action === 'ignore') return create
  return { action: 'conflict', reason: question.link === 'ambiguous' ? 'AMBIGUOUS' : 'SAME_KEY' }
}
