import type { EntityPlugin, Link, Message, SystemId, TenantState, WorkItem } from '@amis-sync/core'
import { toTimeStamp } from '@amis-sync/core'
import type { SystemNames } from './system-name.ts'

/** What a record's answer comes to; stable, for programs. */
export type WhyCode =
  | 'SYNCED'
  | 'IN_FLIGHT'
  | 'QUEUED'
  | 'WAITING'
  | 'CONFLICT'
  | 'SAME_KEY'
  | 'BLOCKED'
  | 'RETRYING'
  | 'REJECTED'
  | 'HELD'
  | 'NOT_NEEDED_YET'
  | 'NOT_REQUESTED'
  | 'ONE_WAY'
  | 'READ_ONLY'
  | 'LOOKS_LIKE'
  | 'WITHDRAWN'
  | 'PARTED'
  | 'SEEN'
  | 'GONE'
  | 'PAUSED'
  | 'CONNECTION_STOPPED'
  | 'NOT_CONNECTED'
  | 'DISCONNECTED'
  | 'ENTITY_DISABLED'
  | 'ENTITY_OFF'
  | 'NOT_OURS'
  | 'NOT_SEEN_YET'
  | 'NOT_THERE'
  | 'UNKNOWN'

/** The answer in one sentence, and what to do about it. */
export interface WhyAnswer {
  readonly code: WhyCode
  readonly main: Message
  readonly next: Message
}

/** A record that the registry does not know, as its side showed it when it was asked. */
export interface FoundRecord {
  readonly side: SystemId
  readonly resource: string
  readonly id: string
  /** It is one of the entity's. */
  readonly ours: boolean
  /** Why it is not, or what the rules say of it. */
  readonly text: Message
}

export interface WhyFacts {
  readonly tenant: string
  readonly plugin: EntityPlugin
  readonly key: string
  readonly names: SystemNames
  readonly enabled: boolean
  readonly state: TenantState
  readonly link?: Link
  readonly work: readonly WorkItem[]
  /** What a waiting record waits for. */
  readonly waiting?: { readonly chain: readonly Message[]; readonly why: Message; readonly todo: Message }
  /** What the rules would say of an unlinked record, by what is known of it. */
  readonly verdict?: Message
  /** The sides were asked: what they showed, and which could be asked at all. */
  readonly looked?: { readonly found: readonly FoundRecord[]; readonly asked: readonly SystemId[] }
}

export const nothingToDo: Message = { vi: 'Không cần làm gì.', en: 'Nothing to do.' }

export const stamp = (ms: number): string => toTimeStamp(ms).slice(0, 19).replace('T', ' ')

export function answer(code: WhyCode, main: Message, next: Message = nothingToDo): WhyAnswer {
  return { code, main, next }
}
