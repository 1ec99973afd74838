import { type EntityPlugin, type Failure, type Message, type TenantStore } from '@amis-sync/core'
import { shortId } from '../pure/short-id.ts'
import { type SystemNames, systemName } from '../pure/system-name.ts'
import { pagesOf, targetOf } from './named-work.ts'

/** A record that waits for a person at the target system: vouchers were made of it there, an approval is due (SO16). */
export interface Blocked {
  readonly id: string
  readonly work: string
  readonly entity: string
  readonly side: string
  readonly target: string
  readonly key: string
  readonly name?: string
  readonly code: string
  readonly text: Message
  readonly todo: Message
  readonly since: number
}

/** A connection that a person must mend; nothing of it moves until then. */
export interface BlockedConnection {
  readonly system: string
  readonly failure: Failure
}

export async function* blockedRecords(
  store: TenantStore,
  plugins: readonly EntityPlugin[],
  names: SystemNames,
  filter: { readonly entity?: string } = {},
): AsyncGenerator<Blocked> {
  const work = { states: ['blocked'] as const, ...(filter.entity === undefined ? {} : { entity: filter.entity }) }
  for await (const page of pagesOf(store, work)) {
    for (const { item, key, name } of page) {
      const target = targetOf(plugins, item)
      const { code, vi, en } = item.failure ?? { code: 'BLOCKED', vi: '', en: '' }
      yield {
        id: shortId(item.id),
        work: item.id,
        entity: item.entity,
        side: item.side,
        target,
        key,
        ...(name === undefined ? {} : { name }),
        code,
        text: { vi, en },
        todo: todoAt(systemName(names, target), key),
        since: item.settledAt ?? item.createdAt,
      }
    }
  }
}

export async function blockedConnections(store: TenantStore): Promise<BlockedConnection[]> {
  const { stopped = {} } = (await store.state()) ?? {}
  return Object.entries(stopped).flatMap(([system, failure]) =>
    failure && (failure.kind === 'needsPerson' || failure.kind === 'config') ? [{ system, failure }] : [],
  )
}

function todoAt(name: Message, key: string): Message {
  return {
    vi: `Trong ${name.vi}: mở ${key}, xử lý lý do trên (bỏ chứng từ phát sinh, duyệt hoặc từ chối). Hệ thống tự gửi lại khi ${name.vi} báo, hoặc chạy: blocked … --retry`,
    en: `In ${name.en}: open ${key} and deal with the reason (undo the vouchers, approve or refuse). It is sent again as soon as ${name.en} tells, or run: blocked … --retry`,
  }
}
