import {
  type EntityPlugin,
  type Failure,
  type Message,
  type TenantStore,
  type WorkState,
  codeKey,
} from '@amis-sync/core'
import { isExchangeable } from '../pure/exchangeable.ts'
import { type Fingerprint, fieldName, fingerprintOf } from '../pure/fingerprint.ts'
import { lastShown } from '../pure/plugin-view.ts'
import { shortId } from '../pure/short-id.ts'
import { type NamedWork, named, pagesOf, targetOf } from './named-work.ts'

/** Which failures. Everything given must hold. */
export interface FailureFilter {
  readonly entity?: string
  readonly code?: string
  readonly fingerprint?: string
  /** Short ids, work ids or record codes. */
  readonly ids?: readonly string[]
}

/** A record that did not get through. */
export interface FailedRecord {
  /** Short, for the command line. */
  readonly id: string
  readonly work: string
  readonly entity: string
  readonly side: string
  readonly key: string
  readonly name?: string
  readonly state: WorkState
  readonly failure: Failure
  readonly fingerprint: Fingerprint
  readonly attempts: number
  /** When it is tried again by itself. */
  readonly retryAt?: number
  readonly since: number
  readonly last: number
  /** The field of ours behind the one that was refused, where another value may be given instead. */
  readonly editable?: string
}

/** Failures of one kind. */
export interface FailureGroup extends Fingerprint {
  readonly count: number
  readonly states: Readonly<Partial<Record<WorkState, number>>>
  readonly first: number
  readonly last: number
  readonly examples: readonly string[]
  readonly remedy: Message
  /** See {@link FailedRecord}. */
  readonly editable?: string
}

/** An outcome that did not come for so long is shown, milliseconds. The engine asks for it by itself. */
const overdueMs = 600_000
const mostExamples = 3

const remedies: Readonly<Record<Failure['kind'], Message>> = {
  retriable: {
    vi: 'Hệ thống tự thử lại với khoảng cách tăng dần; sau 8 lần thì dừng và cần "failures retry".',
    en: 'It is tried again by itself, less and less often; after 8 attempts it stops and needs "failures retry".',
  },
  rateLimited: {
    vi: 'Hệ thống kia đang giới hạn số lời gọi; sẽ tự thử lại, không cần làm gì.',
    en: 'The other system limits calls; it is tried again by itself, nothing to do.',
  },
  recordRejected: {
    vi: 'Sửa bản ghi ở hệ thống nguồn: lỗi tự đóng khi bản ghi được sửa.',
    en: 'Mend the record at its source: the failure closes by itself.',
  },
  needsPerson: {
    vi: 'Một người cần xử lý ở hệ thống kia, rồi "failures retry".',
    en: 'A person must act at the other system; then "failures retry".',
  },
  config: {
    vi: 'Sửa cấu hình của công ty, rồi "failures retry". Xem "amis-sync doctor".',
    en: 'Mend the company\'s configuration, then "failures retry". See "amis-sync doctor".',
  },
  conflict: {
    vi: 'Hai bên không thống nhất; xem "amis-sync conflicts".',
    en: 'The two sides disagree; see "amis-sync conflicts".',
  },
  inDoubt: {
    vi: 'Chưa biết kết quả lần ghi; hệ thống tự hỏi lại. Nếu kéo dài, "failures retry".',
    en: 'The outcome of the write is not known; it is asked for again by itself. If it lasts, "failures retry".',
  },
}

const overdue: Failure = {
  code: 'OUTCOME_OVERDUE',
  kind: 'inDoubt',
  vi: 'Hệ thống kia đã nhận nhưng chưa báo kết quả.',
  en: 'The other system took it, but has not told the outcome yet.',
}

/** Does the name that a person typed mean this record? */
export function isNamed({ id, work, key }: Pick<FailedRecord, 'id' | 'work' | 'key'>, typed: string): boolean {
  return id === typed || work === typed || codeKey(key) === codeKey(typed)
}

/** Records in state failed or parked, and those whose outcome is overdue, page by page. */
export async function* failedRecords(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  filter: FailureFilter,
  now: number,
): AsyncGenerator<FailedRecord> {
  const { entity } = filter
  const states = { states: ['failed', 'parked'] as const, ...(entity === undefined ? {} : { entity }) }
  for await (const page of pagesOf(store, states)) {
    for (const one of page) {
      const record = one.item.failure && toFailed(plugins, one, one.item.failure)
      if (record && matches(record, filter)) yield record
    }
  }
  const late = await store.journal.open({ before: now - overdueMs, limit: 500 })
  const items = await store.work.find(late.flatMap((entry) => entry.work.map(({ id }) => id)))
  for (const one of await named(
    store,
    items.filter(({ state }) => state === 'accepted'),
  )) {
    const record = toFailed(plugins, one, overdue)
    if (matches(record, filter)) yield record
  }
}

function toFailed(
  plugins: readonly EntityPlugin[],
  { item, key, name, link }: NamedWork,
  failure: Failure,
): FailedRecord {
  const { entity, side, state, attempts, notBefore, createdAt, settledAt } = item
  const target = targetOf(plugins, item)
  const plugin = plugins.find(({ id }) => id === entity)
  const field = plugin && failure.field !== undefined ? fieldBehind(plugin, target, failure.field) : undefined
  const own = link && field !== undefined ? lastShown(link, side)[field] : undefined
  const isFree = plugin && field !== undefined && isExchangeable(plugin, field, own, key)
  const ids = Object.values(link?.sides ?? {}).flatMap((at) => at?.id ?? [])
  const values = [key, ...(name === undefined ? [] : [name]), ...ids.filter((id) => id.length > 3)]
  return {
    id: shortId(item.id),
    work: item.id,
    entity,
    side,
    key,
    ...(name === undefined ? {} : { name }),
    state,
    failure,
    fingerprint: fingerprintOf(entity, target, failure, values),
    attempts,
    ...(state === 'failed' ? { retryAt: notBefore } : {}),
    since: createdAt,
    last: settledAt ?? createdAt,
    ...(isFree ? { editable: field } : {}),
  }
}

function matches(record: FailedRecord, { entity, code, fingerprint, ids }: FailureFilter): boolean {
  return (
    (entity === undefined || record.entity === entity) &&
    (code === undefined || record.failure.code === code) &&
    (fingerprint === undefined || record.fingerprint.id === fingerprint) &&
    (ids === undefined || ids.some((typed) => isNamed(record, typed)))
  )
}

/** Failures by what they have in common, the most frequent first. */
export async function failureGroups(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  filter: FailureFilter,
  now: number,
): Promise<FailureGroup[]> {
  const groups = new Map<string, FailureGroup>()
  for await (const record of failedRecords(store, plugins, filter, now)) {
    const { fingerprint, state, since, last, key } = record
    const before = groups.get(fingerprint.id) ?? newGroup(record)
    groups.set(fingerprint.id, {
      ...before,
      count: before.count + 1,
      states: { ...before.states, [state]: (before.states[state] ?? 0) + 1 },
      first: Math.min(before.first, since),
      last: Math.max(before.last, last),
      examples: before.examples.length < mostExamples ? [...before.examples, key] : before.examples,
    })
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count || b.last - a.last)
}

function newGroup({ fingerprint, since, last, editable }: FailedRecord): FailureGroup {
  return {
    ...fingerprint,
    count: 0,
    states: {},
    first: since,
    last,
    examples: [],
    remedy: remedies[fingerprint.kind],
    ...(editable === undefined ? {} : { editable }),
  }
}

/** The canonical field that is written to a column of the target. */
function fieldBehind(plugin: EntityPlugin, target: string, column: string): string | undefined {
  const wanted = fieldName(column)
  for (const { columns } of plugin.wire[target]?.resources ?? []) {
    const found = Object.entries(columns).find(([, { names, encode }]) => encode && names.includes(wanted))
    if (found) return found[0]
  }
  return undefined
}
