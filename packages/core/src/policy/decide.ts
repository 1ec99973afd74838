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

export type Action = 'create' | 'link' | 'update' | 'deactivate' | 'remove' | 'ignore' | 'hold' | 'conflict'

/** Why. Stable codes with texts in `reasons`. */
export type ReasonCode = keyof typeof reasons

export interface Verdict {
  readonly action: Action
  readonly reason: ReasonCode
}

/** Every reason in both languages, as whole sentences: salespeople read them in `why`. */
export const reasons = {
  RULE_ALWAYS: {
    vi: 'Loại dữ liệu này luôn được đồng bộ ngay theo quy tắc.',
    en: 'Records of this kind are always synced at once.',
  },
  LINKED: {
    vi: 'Bản ghi đã liên kết với bản ghi ở bên kia nên thay đổi được gửi sang ngay.',
    en: 'The record is linked with its twin at the other side, so changes are sent at once.',
  },
  PULLED: {
    vi: 'Bản ghi được gửi kèm vì một chứng từ hoặc bản ghi khác cần nó.',
    en: 'The record went along because a document or another record needs it.',
  },
  TRIGGERED: {
    vi: 'Bản ghi được gửi vì có người yêu cầu hoặc trạng thái của nó yêu cầu.',
    en: 'The record was sent because a person, or its own state, asked for it.',
  },
  NOT_NEEDED_YET: {
    vi: 'Chưa gửi vì chưa có báo giá, đơn hàng, đề nghị hay bản ghi nào bên kia cần đến nó (ví dụ khách hàng chưa mua gì).',
    en: 'It is not sent because no quote, order, request or other record needs it yet (a customer that has not bought anything).',
  },
  NOT_REQUESTED: {
    vi: 'Chưa gửi vì chưa có ai đề nghị (ví dụ đơn hàng còn là bản nháp).',
    en: 'It is not sent because nobody has asked for it (an order that is still a draft).',
  },
  NOT_LINKED: {
    vi: 'Không gửi vì bên kia không có bản ghi tương ứng.',
    en: 'It is not sent because the other side has no such record.',
  },
  READ_ONLY: {
    vi: 'Không gửi vì hệ thống bên kia của công ty không cho ghi loại dữ liệu này qua API.',
    en: "It is not sent because the company's other system takes no writes of this kind over its API.",
  },
  ONE_WAY: {
    vi: 'Không gửi vì loại dữ liệu này chỉ đồng bộ theo chiều ngược lại.',
    en: 'It is not sent because records of this kind travel the other way only.',
  },
  SAME_KEY: {
    vi: 'Hai bên có bản ghi trùng mã nhưng chưa liên kết với nhau. Một người cần quyết định đó là cùng một đối tượng hay hai đối tượng khác nhau.',
    en: 'Both sides have a record with this code, and the two are not linked. A person decides whether they are the same thing.',
  },
  AMBIGUOUS: {
    vi: 'Bên kia có nhiều bản ghi có thể là bản ghi này, hoặc bản ghi trùng mã đã thuộc về bản ghi khác. Một người cần quyết định.',
    en: 'Several records at the other side may be this one, or the one with its code belongs to another. A person decides.',
  },
  MATCHED: {
    vi: 'Bản ghi được liên kết với bản ghi khớp ở bên kia.',
    en: 'The record was linked with the one that matches at the other side.',
  },
  DIFFERENT_SAME_KEY: {
    vi: 'Hai bên có bản ghi trùng mã, và một người đã xác nhận đó là hai đối tượng khác nhau. Hãy đổi mã ở một bên.',
    en: 'Both sides have a record with this code, and a person said that they are two things. Change the code at one side.',
  },
  LINKED_BY_PERSON: {
    vi: 'Một người đã xác nhận hai bản ghi là một và liên kết chúng.',
    en: 'A person said that the two records are the same thing and linked them.',
  },
  PARTED: {
    vi: 'Một người đã tách cặp này: hai bản ghi khác nhau, không được liên kết nữa.',
    en: 'A person parted the pair: two different things, never linked again.',
  },
  ASK: { vi: 'Quy tắc yêu cầu một người quyết định.', en: 'The rule wants a person to decide.' },
  WITHDRAWN: {
    vi: 'Đề nghị đã được thu hồi: chứng từ không còn ở bên kia, lần đề nghị sau sẽ gửi lại như chứng từ mới.',
    en: 'The request was withdrawn: the document is not at the other side any more, the next request sends it anew.',
  },
  NOT_WITHDRAWN: {
    vi: 'Bên kia không cho thu hồi đề nghị; chứng từ giữ nguyên ở hai bên.',
    en: 'The other side does not let the request be withdrawn; the document stays as it is on both sides.',
  },
  JOINED: {
    vi: 'Chứng từ được tham chiếu nay đã có ở bên kia nên được ghi bổ sung vào chứng từ này.',
    en: 'The document that this one refers to has arrived at the other side and is named there now.',
  },
  NOT_JOINED: {
    vi: 'Chứng từ được tham chiếu đã có ở bên kia, nhưng chứng từ này đã bị khóa ở đó nên giữ nguyên, không ghi bổ sung tham chiếu.',
    en: 'The document that this one refers to has arrived, but this one is locked at the other side: it stays as it is, without the reference.',
  },
  DOCUMENT_GONE: {
    vi: 'Chứng từ đã bị xóa ở bên kia; chứng từ nguồn giữ nguyên. Đề nghị lại, hoặc gửi bằng tay, sẽ tạo lại chứng từ.',
    en: 'The document was deleted at the other side; its source stays as it is. A new request, or sending it by hand, makes it again.',
  },
  GONE: { vi: 'Bản ghi đã bị xóa ở một bên.', en: 'The record was deleted at one side.' },
  WAITING_FOR_REFERENCE: {
    vi: 'Chưa gửi vì đang chờ bản ghi mà nó cần được gửi trước.',
    en: 'It is not sent yet, since a record that it needs goes first.',
  },
  DECIDED: {
    vi: 'Một người đã quyết định xung đột của bản ghi này.',
    en: "A person decided this record's conflict.",
  },
  CHOICE_VOID: {
    vi: 'Quyết định trước đó không còn hiệu lực vì một bên đã sửa lại trong lúc đó.',
    en: 'The earlier decision does not hold any more, since a side changed again meanwhile.',
  },
  STAND_IN: {
    vi: 'Một người đã nhập giá trị thay thế cho bên kia.',
    en: 'A person gave the other side another value instead.',
  },
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
  if (direction.remove !== undefined && ruleHolds(direction.remove, question) === 'yes')
    return { action: 'remove', reason: consent(direction.remove, question) }
  if (linked)
    return answer('update', direction.update, question, { action: 'ignore', reason: refusal(direction.update) })

  const create = answer('create', direction.create, question, { action: 'ignore', reason: refusal(direction.create) })
  if (question.link === 'unlinked' || create.action === 'conflict') return create
  const mayLink = ruleHolds(direction.link, question)
  if (question.link === 'candidate' && mayLink === 'yes') return { action: 'link', reason: 'MATCHED' }
  if (create.action === 'ignore') return create
  return { action: 'conflict', reason: question.link === 'ambiguous' ? 'AMBIGUOUS' : 'SAME_KEY' }
}
