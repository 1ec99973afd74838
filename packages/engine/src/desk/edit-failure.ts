import {
  type Canonical,
  type Link,
  type Message,
  type SystemId,
  type Value,
  type WorkItem,
  otherSide,
} from '@amis-sync/core'
import { labelsOf } from '../flow/choice.ts'
import { complete, handlerContext } from '../flow/complete.ts'
import { gather, readTwins } from '../flow/gather.ts'
import { refreshed, withTrail } from '../flow/link-draft.ts'
import { type Group, observationOf } from '../flow/observation.ts'
import { References } from '../flow/references.ts'
import { isExchangeable } from '../pure/exchangeable.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { isEmpty, sameValue } from '../pure/same-value.ts'
import { typedValue, valueText } from '../pure/value-text.ts'
import { settledWork } from './await-work.ts'
import type { DeskHost } from './desk-host.ts'

export interface EditRequest {
  /** Id of the work item. */
  readonly work: string
  readonly by: string
  /** Field → text. */
  readonly set: Readonly<Record<string, string>>
}

/** `sent`: the target took it. `failed`: it refused again. `queued`: done as soon as the engine works. `refused`: not allowed. */
export interface Edited {
  readonly state: 'sent' | 'failed' | 'queued' | 'refused'
  readonly text: Message
}

/**
 * Gives the target other values than the record's own, which it refuses, and tries again. They are kept with the link until the record's
 * own value changes. Never for keys, money, quantities or dates, nor for a document that Accounting has worked with.
 */
export async function editFailure(host: DeskHost, { work, by, set }: EditRequest): Promise<Edited> {
  const { context } = host
  const [item] = await context.store.work.find([work])
  const view = item && context.views.get(item.entity)
  if (!item || !view || (item.state !== 'failed' && item.state !== 'parked')) return refused(notFailed)
  const fault = await host.locked(item.entity, () => note(host, view, item, set, by))
  if (fault) return refused(fault)
  host.wake()
  const [left] = await settledWork(host, { work: [work], links: [] })
  if (!left) return { state: 'sent', text: sent }
  if (left.state === 'ready' || left.state === 'accepted') return { state: 'queued', text: queued }
  const { vi, en } = left.failure ?? notFailed
  return { state: 'failed', text: { vi, en } }
}

/** Stores the values with the link and asks for the record; gives the reason why not. */
async function note(
  { context }: DeskHost,
  view: PluginView,
  item: WorkItem,
  set: EditRequest['set'],
  by: string,
): Promise<Message | undefined> {
  const group = await currentGroup(context, view, item)
  const own = group?.seen.get(item.side)?.value
  if (!group || !own || context.inFlight.has(group.link.id)) return unreadable
  const to = otherSide(view.plugin, item.side)
  const barred = barredReason(context, view, group, to)
  if (barred) return barred
  const at = context.clock.now()
  const standIns: Record<string, { of: Value; give: Value; by: string; at: number }> = {}
  for (const [name, text] of Object.entries(set)) {
    const typed = checkField(view, group, { from: item.side, to, own }, name, text)
    if ('fault' in typed) return typed.fault
    standIns[name] = { of: own[name] ?? null, give: typed.value, by, at }
  }
  const link = withEdit(view, group, { from: item.side, to, own }, standIns, by, at)
  const [stored] = await context.store.links.save([{ link }])
  if (stored === 'stale') return unreadable
  const { entity, side, resource, recordId } = item
  await context.store.work.add([{ entity, side, resource, ...(recordId === undefined ? {} : { recordId }) }], at)
  return undefined
}

/** The record as its side, and its twin where that can be read, show it now. */
async function currentGroup(
  context: DeskHost['context'],
  view: PluginView,
  item: WorkItem,
): Promise<Group | undefined> {
  const { groups } = await gather(context, view, [observationOf(item)])
  await readTwins(context, view, groups)
  const { good } = await complete(context, view, groups, new References(context, view))
  return good[0]
}

/** A document of which the target has made something is not touched any more; what it shows of it must be what a new one shows. */
function barredReason(context: DeskHost['context'], view: PluginView, group: Group, to: SystemId): Message | undefined {
  const { plugin } = view
  const paths = plugin.policy.directions.find(({ from }) => from === to)?.writeBack ?? []
  if (plugin.kind !== 'document' || !group.link.linked || paths.length === 0) return undefined
  const twin = group.seen.get(to)
  if (!twin?.record || !twin.value) return unreadable
  const locked = twin.resource?.locked?.(twin.record.row)
  if (locked) return locked.text
  const back = new Set(paths.filter((path) => !path.includes('[].')))
  const own = Object.entries(group.seen.get(otherSide(plugin, to))?.value ?? {})
  const unsaid = Object.fromEntries(own.filter(([name]) => !back.has(name)))
  const fresh = plugin.wire[to]?.afterCreate?.(unsaid, handlerContext(context, view, group, to)) ?? {}
  const moved = [...back].some((name) => {
    const [field, value] = [plugin.fields[name], twin.value?.[name]]
    if (!field || value === undefined) return false
    return fresh[name] === undefined ? !isEmpty(value) : !sameValue(field, value, fresh[name])
  })
  return moved ? posted : undefined
}

interface Route {
  readonly from: SystemId
  readonly to: SystemId
  readonly own: Canonical
}

function checkField(view: PluginView, { link }: Group, route: Route, name: string, text: string) {
  const { plugin, carried } = view
  const typed = typedValue(plugin, name, text, route.own)
  const field = plugin.fields[name]
  if ('fault' in typed || !field) return typed
  const labels = labelsOf(plugin, [name])
  const isFree = isExchangeable(plugin, name, route.own[name], link.sides[route.from]?.key)
  if (!isFree) return { fault: notForExchange(labels) }
  if (!carried[route.to]!.writable.has(name)) return { fault: notWritten(labels, route.to) }
  return typed
}

function withEdit(
  view: PluginView,
  group: Group,
  { from, to, own }: Route,
  standIns: NonNullable<Link['standIns']>[string],
  by: string,
  at: number,
): Link {
  const { link } = group
  const before = link.sides[from]!
  const known = link.revision > 0 ? {} : { known: own }
  const list = (language: 'vi' | 'en') =>
    Object.entries(standIns)
      .map(
        ([name, { of, give }]) => `${labelsOf(view.plugin, [name])[language]}: ${valueText(of)} → ${valueText(give)}`,
      )
      .join(', ')
  return withTrail(
    {
      ...link,
      sides: { ...link.sides, [from]: { ...refreshed(before, group, from), ...known } },
      standIns: { ...link.standIns, [to]: { ...link.standIns?.[to], ...standIns } },
    },
    {
      at,
      what: 'edit',
      why: 'STAND_IN',
      from,
      to,
      fields: Object.keys(standIns),
      text: {
        vi: `${by} đã cho ${to} giá trị khác: ${list('vi')}.`,
        en: `${by} gave ${to} another value: ${list('en')}.`,
      },
    },
  )
}

function refused(text: Message): Edited {
  return { state: 'refused', text }
}

const notFailed: Message = {
  vi: 'Bản ghi này không còn lỗi; không cần sửa gì.',
  en: 'The record does not fail any more; nothing to edit.',
}
const unreadable: Message = {
  vi: 'Không đọc được bản ghi ở hệ thống nguồn lúc này, hoặc nó đang được ghi. Hãy thử lại, hoặc sửa ở nguồn.',
  en: 'The record cannot be read at its source now, or is being written. Try again, or mend it at the source.',
}
const posted: Message = {
  vi: 'Chứng từ đã phát sinh ở hệ thống kia (đã ghi, giao, thu hoặc xuất hóa đơn) nên không được sửa lệch với nguồn. Hãy sửa ở nguồn hoặc bỏ chứng từ phát sinh.',
  en: 'Something was made of the document already (recorded, delivered, paid or invoiced), so it is not edited apart from its source. Mend it there.',
}
const sent: Message = {
  vi: 'Đã gửi với giá trị thay thế; giá trị này được giữ đến khi nguồn sửa trường đó.',
  en: 'Sent with the other value; it is kept until the source changes the field.',
}
const queued: Message = {
  vi: 'Đã ghi nhận; sẽ gửi ngay khi đồng bộ chạy tiếp hoặc bên kia trả lời.',
  en: 'It is noted, and sent as soon as the sync goes on, or the other side answers.',
}

function notForExchange({ vi, en }: Message): Message {
  return {
    vi: `${vi}: mã, tiền, số lượng, ngày và trạng thái không được thay thế; hãy sửa ở hệ thống nguồn.`,
    en: `${en}: codes, money, quantities, dates and flags are not exchanged; mend them at the source.`,
  }
}

function notWritten({ vi, en }: Message, to: SystemId): Message {
  return { vi: `${vi}: không được ghi sang ${to}.`, en: `${en}: it is not written to ${to}.` }
}
