import {
  type EntityPlugin,
  type Link,
  type Message,
  type TenantState,
  type TenantStore,
  type WorkItem,
  reasons,
  workId,
} from '@amis-sync/core'
import { lastShown } from '../pure/plugin-view.ts'
import { type WaitingKey, parseWaitKey } from '../pure/wait-key.ts'
import { workIdsOf } from '../pure/work-ids.ts'
import { pagesOf } from './named-work.ts'

/** What records wait for, and why it does not come by itself. */
export interface WaitingFor {
  /** The missing record as the engine names it. */
  readonly missing: string
  readonly entity: string
  readonly side?: string
  /** Its code where that is known. */
  readonly key: string
  readonly name?: string
  readonly count: number
  /** Codes of records that wait, and of what type they are. */
  readonly examples: readonly { readonly entity: string; readonly key: string }[]
  readonly since: number
  /** Nothing of it will move: the records wait for each other. */
  readonly circular: boolean
  /** From the missing record on: what it waits for itself. */
  readonly chain: readonly Message[]
  readonly why: Message
  readonly todo: Message
}

export interface WaitingFilter {
  readonly entity?: string
}

const mostExamples = 5
const longestChain = 10

type Reading = Pick<WaitingFor, 'key' | 'name' | 'circular' | 'chain' | 'why' | 'todo'>

/** Who waits for what, the most wanted first. */
export async function waitingGroups(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  filter: WaitingFilter = {},
): Promise<WaitingFor[]> {
  const groups = new Map<string, { key: WaitingKey; count: number; since: number; examples: WaitingFor['examples'] }>()
  const work = { states: ['waiting'] as const, ...(filter.entity === undefined ? {} : { entity: filter.entity }) }
  for await (const page of pagesOf(store, work)) {
    for (const { item, key } of page) {
      for (const missing of item.waitingFor) {
        const since = item.settledAt ?? item.createdAt
        const before = groups.get(missing) ?? { key: parseWaitKey(missing), count: 0, since, examples: [] }
        groups.set(missing, {
          ...before,
          count: before.count + 1,
          since: Math.min(before.since, since),
          examples:
            before.examples.length < mostExamples
              ? [...before.examples, { entity: item.entity, key }]
              : before.examples,
        })
      }
    }
  }
  const state = await store.state()
  const readings = await Promise.all(
    [...groups].map(async ([missing, { key, ...group }]): Promise<WaitingFor> => ({
      missing,
      entity: key.entity ?? '?',
      ...(key.side === undefined ? {} : { side: key.side }),
      ...group,
      ...(await readMissing(store, plugins, state, missing)),
    })),
  )
  return readings.toSorted((a, b) => b.count - a.count || a.since - b.since)
}

/** The record behind a key of the waiting room, and its own work. */
async function lookUp(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  key: WaitingKey,
): Promise<{ link?: Link; work: WorkItem[] }> {
  if (key.link !== undefined) {
    const [link] = await store.links.get([key.link])
    return { ...(link ? { link } : {}), work: link ? await store.work.find(workIdsOf(link)) : [] }
  }
  const { entity, side } = key
  if (entity === undefined || side === undefined) return { work: [] }
  const links =
    key.recordKey === undefined
      ? await store.links.findByRecord(entity, side, [{ resource: key.resource!, id: key.recordId! }])
      : await store.links.findByKey(entity, side, [key.recordKey])
  const link = links.find((one) => one.linked) ?? links[0]
  if (link) return { link, work: await store.work.find(workIdsOf(link)) }
  // Known by its key or id only: its work has the name under which it was asked for.
  const resources = new Set(plugins.find(({ id }) => id === entity)?.wire[side]?.resources.map((one) => one.resource))
  const ids = [...resources].map((resource) =>
    workId({
      entity,
      side,
      resource,
      ...(key.recordId === undefined ? { recordKey: key.recordKey! } : { recordId: key.recordId }),
    }),
  )
  return { work: await store.work.find(ids) }
}

/** Why does the missing record not come? Follows what it waits for itself. */
export async function readMissing(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  state: TenantState | undefined,
  missing: string,
): Promise<Reading> {
  const chain: Message[] = []
  const passed = new Set<string>()
  let first: Pick<Reading, 'key' | 'name'> | undefined
  for (let at = missing; ;) {
    const key = parseWaitKey(at)
    const { link, work } = await lookUp(store, plugins, key)
    const identity = link?.id ?? at
    if (passed.has(identity)) return { ...first!, chain, circular: true, ...circle(chain) }
    passed.add(identity)
    const code = codeOf(key, link)
    const entity = link?.entity ?? key.entity ?? '?'
    first ??= { key: code, ...nameOf(key, link) }
    const labels = plugins.find(({ id }) => id === entity)?.labels ?? { vi: entity, en: entity }
    chain.push({ vi: `${labels.vi} ${code}`, en: `${labels.en} ${code}` })
    const next = work.find((item) => item.state === 'waiting')?.waitingFor[0]
    if (next === undefined || parseWaitKey(next).link !== undefined || chain.length >= longestChain) {
      return { ...first, chain, circular: false, ...reasonOf(plugins, state, { key, link, work, code }) }
    }
    at = next
  }
}

function codeOf(key: WaitingKey, link: Link | undefined): string {
  const at = key.side === undefined ? Object.values(link?.sides ?? {})[0] : link?.sides[key.side]
  return at?.key ?? key.recordKey ?? key.recordId ?? key.link ?? '?'
}

function nameOf(key: WaitingKey, link: Link | undefined): { name?: string } {
  const side = key.side ?? Object.keys(link?.sides ?? {})[0]
  const name = link && side !== undefined ? lastShown(link, side).name : undefined
  return typeof name === 'string' ? { name } : {}
}

function circle(chain: readonly Message[]): Pick<Reading, 'why' | 'todo'> {
  const list = (language: 'vi' | 'en') => [...chain, chain[0]!].map((one) => one[language]).join(' → ')
  return {
    why: { vi: `Các bản ghi chờ lẫn nhau: ${list('vi')}.`, en: `The records wait for each other: ${list('en')}.` },
    todo: {
      vi: 'Hãy bỏ một tham chiếu trong vòng này ở hệ thống nguồn (ví dụ nhóm cha).',
      en: 'Take one reference of this circle out at the source (a parent group, for example).',
    },
  }
}

interface MissingRecord {
  readonly key: WaitingKey
  readonly link: Link | undefined
  readonly work: readonly WorkItem[]
  readonly code: string
}

const byItself: Message = { vi: 'Sẽ tự đi tiếp, không cần làm gì.', en: 'It goes on by itself, nothing to do.' }

function reasonOf(
  plugins: readonly EntityPlugin[],
  state: TenantState | undefined,
  { key, link, work, code }: MissingRecord,
): Pick<Reading, 'why' | 'todo'> {
  if (key.link !== undefined) {
    return {
      why: { vi: 'Bản ghi đang được ghi; chờ kết quả.', en: 'The record is being written; the outcome is due.' },
      todo: byItself,
    }
  }
  const entity = key.entity ?? '?'
  const off = state?.off?.[entity]
  if (off)
    return { why: { vi: off.vi, en: off.en }, todo: { vi: 'Xem "amis-sync doctor".', en: 'See "amis-sync doctor".' } }
  const labels = plugins.find(({ id }) => id === entity)?.labels
  if (!labels) {
    return {
      why: { vi: `Loại dữ liệu "${entity}" không được đồng bộ.`, en: `Records of type "${entity}" are not synced.` },
      todo: { vi: `Bật "${entity}" trong tệp cấu hình.`, en: `Switch "${entity}" on in the tenant file.` },
    }
  }
  const stuck = work.find(({ state: at }) => at !== 'ready' && at !== 'accepted')
  if (stuck?.failure && stuck.state !== 'waiting') {
    const { vi, en, code: failed } = stuck.failure
    return {
      why: { vi: `${labels.vi} ${code}: ${vi}`, en: `${labels.en} ${code}: ${en}` },
      todo: todoFor(stuck.state, failed, code),
    }
  }
  if (work.some(({ state: at }) => at === 'ready' || at === 'accepted')) {
    return {
      why: { vi: `${labels.vi} ${code} đang được gửi.`, en: `${labels.en} ${code} is on its way.` },
      todo: byItself,
    }
  }
  if (!link) {
    return {
      why: {
        vi: `Không tìm thấy ${labels.vi} ${code} ở hệ thống nguồn.`,
        en: `${labels.en} ${code} is not there at its source.`,
      },
      todo: {
        vi: 'Kiểm tra mã, tạo bản ghi đó, hoặc sửa bản ghi đang chờ.',
        en: 'Check the code, create that record, or change the one that waits.',
      },
    }
  }
  if (Object.values(link.sides).some((at) => at?.gone)) {
    return {
      why: { vi: `${labels.vi} ${code} đã bị xóa.`, en: `${labels.en} ${code} was deleted.` },
      todo: { vi: 'Chọn bản ghi khác ở hệ thống nguồn.', en: 'Choose another record at the source.' },
    }
  }
  const last = link.trail.at(-1)
  const reason = last?.text ?? reasons[last?.why as keyof typeof reasons] ?? reasons.NOT_REQUESTED
  return {
    why: { vi: `${labels.vi} ${code}: ${reason.vi}`, en: `${labels.en} ${code}: ${reason.en}` },
    todo: {
      vi: `Gửi bằng tay: amis-sync sync … ${entity} --key ${code}${key.side === undefined ? '' : ` --from ${key.side}`}`,
      en: `Send it by hand: amis-sync sync … ${entity} --key ${code}${key.side === undefined ? '' : ` --from ${key.side}`}`,
    },
  }
}

function todoFor(state: WorkItem['state'], failed: string, code: string): Message {
  if (state === 'conflict') {
    return {
      vi: `Quyết định xung đột: conflicts resolve … ${code}`,
      en: `Decide the conflict: conflicts resolve … ${code}`,
    }
  }
  if (state === 'blocked') return { vi: 'Xem "amis-sync blocked".', en: 'See "amis-sync blocked".' }
  return {
    vi: `Sửa ${code} ở hệ thống nguồn; lỗi (${failed}) tự đóng và các bản ghi đang chờ đi tiếp.`,
    en: `Mend ${code} at its source; the failure (${failed}) closes by itself, and what waits goes on.`,
  }
}
