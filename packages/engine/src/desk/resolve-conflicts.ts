import {
  type Choice,
  type ConflictField,
  type Link,
  type Message,
  type SystemId,
  type WorkHint,
  type WorkItem,
  reasons,
} from '@amis-sync/core'
import { labelsOf } from '../flow/choice.ts'
import { lastKnown } from '../flow/gather.ts'
import { withTrail } from '../flow/link-draft.ts'
import { newestConflict, seenOf } from '../pure/choices.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { typedValue, valueText } from '../pure/value-text.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'

/** What a person wants a field to be: a side's value, or a text typed by him. */
export type FieldChoice = { readonly side: SystemId } | { readonly text: string }

export interface ConflictDecision {
  readonly entity: string
  readonly link: string
  readonly fields: Readonly<Record<string, FieldChoice>>
  /** The conflict as the person saw it; when it is another one by now, the decision is void. */
  readonly seen: readonly Pick<ConflictField, 'field' | 'values'>[]
}

/**
 * `settled`: both sides agree. `partly`: other fields are still open, the record stays held. `void`: a side changed meanwhile. `queued`:
 * it is done as soon as the engine works on it. `failed`: what was chosen was not taken. `refused`: the choice makes no sense.
 */
export interface DecisionOutcome {
  readonly link: string
  readonly state: 'settled' | 'partly' | 'void' | 'queued' | 'failed' | 'refused'
  readonly text: Message
}

export interface ResolveRequest {
  readonly by: string
  readonly decisions: readonly ConflictDecision[]
}

/** Settles field conflicts as a person decided (D6): stored with the link, carried out by the ordinary merge, journal and write. */
export async function resolveConflicts(host: DeskHost, { by, decisions }: ResolveRequest): Promise<DecisionOutcome[]> {
  const { views } = host.context
  for (const entity of new Set(decisions.map((one) => one.entity))) if (views.has(entity)) await host.hear(entity)
  const noted: { decision: ConflictDecision; outcome?: DecisionOutcome }[] = []
  for (const decision of decisions) noted.push({ decision, ...(await note(host, decision, by)) })
  host.wake()
  const outcomes: DecisionOutcome[] = []
  for (const { decision, outcome } of noted) outcomes.push(outcome ?? (await becameOf(host, decision)))
  return outcomes
}

/** Stores the choice with the link, and asks for the record. Gives the outcome when there is nothing to wait for. */
async function note(
  host: DeskHost,
  decision: ConflictDecision,
  by: string,
): Promise<{ readonly outcome?: DecisionOutcome }> {
  const { context } = host
  const { entity } = decision
  const view = context.views.get(entity)
  if (!view) return { outcome: outcomeOf(decision, 'refused', notSynced(entity)) }
  const [first] = await context.store.links.get([decision.link])
  if (!first) return { outcome: outcomeOf(decision, 'refused', nothingOpen) }
  await settledWork(host, { work: workIdsOf(first), links: [first.id] })
  return host.locked(entity, async () => {
    const [link] = await context.store.links.get([decision.link])
    if (!link || context.inFlight.has(link.id)) return { outcome: outcomeOf(decision, 'void', busy) }
    const items = (await context.store.work.find(workIdsOf(link))).filter((item) => item.conflict?.length)
    const open = newestConflict(items)
    if (open.length === 0) return { outcome: nothingLeft(decision, link) }
    if (!sameConflict(decision, open)) return { outcome: outcomeOf(decision, 'void', reasons.CHOICE_VOID) }
    const chosen = choicesOf(view, link, decision, open, by, context.clock.now())
    if ('fault' in chosen) return { outcome: outcomeOf(decision, 'refused', chosen.fault) }
    const [stored] = await context.store.links.save([
      { link: decided(view, link, chosen.choices, by, context.clock.now()) },
    ])
    if (stored === 'stale') return { outcome: outcomeOf(decision, 'void', busy) }
    await context.store.work.add(items.map(hintOf), context.clock.now())
    return {}
  })
}

function hintOf({ entity, side, resource, recordId }: WorkItem): WorkHint {
  return { entity, side, resource, ...(recordId === undefined ? {} : { recordId }) }
}

function inOrder(values: ConflictField['values']): unknown[] {
  return Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** Does the record still disagree about just what the person saw? */
function sameConflict({ seen, fields }: ConflictDecision, open: readonly ConflictField[]): boolean {
  return Object.keys(fields).every((name) => {
    const of = (list: readonly Pick<ConflictField, 'field' | 'values'>[]) => [
      ...new Set(
        list
          .filter(({ field }) => field.split('[].')[0] === name)
          .map(({ field, values }) => JSON.stringify([field, inOrder(values)])),
      ),
    ]
    const [then, now] = [of(seen), of(open)]
    return then.length === now.length && then.every((text) => now.includes(text))
  })
}

type Chosen = Readonly<Record<string, Choice>>

function choicesOf(
  view: PluginView,
  link: Link,
  { fields }: ConflictDecision,
  open: readonly ConflictField[],
  by: string,
  at: number,
): { readonly choices: Chosen } | { readonly fault: Message } {
  const { plugin } = view
  const shown = Object.fromEntries(plugin.sides.map((side) => [side, lastKnown(view, link, side)]))
  const result: Record<string, Choice> = {}
  for (const [name, choice] of Object.entries(fields)) {
    const labels = labelsOf(plugin, [name])
    if (!open.some(({ field }) => field.split('[].')[0] === name)) {
      return { fault: { vi: `${labels.vi} (${name}) không xung đột`, en: `${labels.en} (${name}) is not in conflict` } }
    }
    const seen = seenOf(name, shown)
    if ('side' in choice) {
      if (!plugin.sides.includes(choice.side)) return { fault: notASide(choice.side, plugin.sides) }
      result[name] = { by, at, side: choice.side, seen }
      continue
    }
    const typed = typedValue(plugin, name, choice.text, shown[plugin.sides[0]]!)
    if ('fault' in typed) return typed
    const equal = plugin.sides.find((side) => JSON.stringify(seen[side]) === JSON.stringify(typed.value))
    result[name] = { by, at, seen, ...(equal === undefined ? { value: typed.value } : { side: equal }) }
  }
  return { choices: result }
}

function decided({ plugin }: PluginView, link: Link, chosen: Chosen, by: string, at: number): Link {
  const text = (language: 'vi' | 'en') =>
    Object.entries(chosen)
      .map(([name, { side, value, seen }]) => {
        const label = labelsOf(plugin, [name])[language]
        return side === undefined ? `${label} = ${valueText(value)}` : `${label} = ${valueText(seen[side])} (${side})`
      })
      .join(', ')
  return withTrail(
    { ...link, choices: { ...link.choices, ...chosen } },
    {
      at,
      what: 'decide',
      why: 'DECIDED',
      fields: Object.keys(chosen),
      text: { vi: `${by} đã chọn: ${text('vi')}.`, en: `${by} chose: ${text('en')}.` },
    },
  )
}

async function becameOf(host: DeskHost, decision: ConflictDecision): Promise<DecisionOutcome> {
  const [link] = await host.context.store.links.get([decision.link])
  if (!link) return outcomeOf(decision, 'settled', reasons.DECIDED)
  const items = await settledWork(host, { work: workIdsOf(link), links: [link.id] })
  const [now] = await host.context.store.links.get([decision.link])
  const last = now?.trail.findLast(({ what }) => what === 'decide')
  if (items.some(({ state }) => state === 'ready' || state === 'accepted')) return outcomeOf(decision, 'queued', queued)
  if (last?.why === 'CHOICE_VOID') return outcomeOf(decision, 'void', last.text ?? reasons.CHOICE_VOID)
  if (items.some(({ conflict }) => conflict?.length)) return outcomeOf(decision, 'partly', partly)
  const failure = items.find((item) => item.failure)?.failure
  if (failure) return outcomeOf(decision, 'failed', { vi: failure.vi, en: failure.en })
  return outcomeOf(decision, 'settled', last?.text ?? reasons.DECIDED)
}

/** The conflict is over: it was decided by an earlier try of the same, or ended by itself. */
function nothingLeft(decision: ConflictDecision, { trail }: Link): DecisionOutcome {
  const last = trail.findLast(({ what }) => what === 'decide')
  const ours = last?.why === 'DECIDED' && Object.keys(decision.fields).every((name) => last.fields?.includes(name))
  return ours
    ? outcomeOf(decision, 'settled', last.text ?? reasons.DECIDED)
    : outcomeOf(decision, 'refused', nothingOpen)
}

function outcomeOf({ link }: ConflictDecision, state: DecisionOutcome['state'], text: Message): DecisionOutcome {
  return { link, state, text }
}

const nothingOpen: Message = {
  vi: 'Bản ghi này không còn xung đột; không cần làm gì.',
  en: 'The record has no conflict any more; nothing to do.',
}
const busy: Message = {
  vi: 'Bản ghi đang được ghi hoặc vừa đổi. Hãy xem lại rồi quyết định lại.',
  en: 'The record is being written, or has just changed. Look again, then decide again.',
}
const queued: Message = {
  vi: 'Đã ghi nhận; sẽ thực hiện ngay khi đồng bộ chạy tiếp.',
  en: 'It is noted, and carried out as soon as the sync goes on.',
}
const partly: Message = {
  vi: 'Đã ghi nhận; bản ghi vẫn được giữ vì còn trường khác chưa quyết định.',
  en: 'It is noted; the record stays held, since other fields are still open.',
}

function notSynced(entity: string): Message {
  return { vi: `Loại dữ liệu "${entity}" không được đồng bộ`, en: `Records of type "${entity}" are not synced` }
}

function notASide(side: SystemId, sides: readonly SystemId[]): Message {
  const list = sides.join(', ')
  return { vi: `"${side}" không phải một bên; có: ${list}`, en: `"${side}" is no side of it; there are: ${list}` }
}
