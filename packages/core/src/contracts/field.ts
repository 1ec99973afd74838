import type { Message } from '../errors/sync-error.ts'
import type { SystemId } from '../policy/direction-policy.ts'

/** How values of a field are compared. Canonical forms are in `values/`. */
export type FieldKind =
  | 'text'
  | 'code'
  /** A set of codes, in the owner's order. */
  | 'codes'
  | 'phone'
  | 'flag'
  | 'integer'
  | 'decimal'
  | 'date'
  /** Items with a key, merged item by item, never by position. */
  | 'list'

/** Which way a field travels, and who wins when both sides changed it and the tenant has no rule. */
export interface Flow {
  /** `shared`: no side wins, default rule "ask". */
  readonly owner: SystemId | 'shared'
  /** Only from the owner to the other side. */
  readonly oneWay?: boolean
  /** One way, and an edit at the other side is overwritten with the owner's next change (D1). */
  readonly reassert?: boolean
  /** Also travels from this side, but only when the record is created at the other one ("once"). */
  readonly once?: SystemId
  /** Travels at creation only, either way. */
  readonly fixed?: boolean
}

export interface Field {
  readonly kind: FieldKind
  readonly flow: Flow
  readonly labels?: Message
  /** For `list`: the item's own fields, each with its flow, and which of them is the key. */
  readonly items?: { readonly key: string; readonly fields: Readonly<Record<string, Field>> }
}

export type Fields = Readonly<Record<string, Field>>

/** Both ways, no side wins by itself. */
export const shared: Flow = { owner: 'shared' }

/** Both ways; `system` wins when both changed it. */
export function ownedBy(system: SystemId): Flow {
  return { owner: system }
}

/** One way, from `system`. */
export function onlyFrom(
  system: SystemId,
  options: { readonly reassert?: boolean; readonly once?: SystemId } = {},
): Flow {
  return { owner: system, oneWay: true, ...options }
}

/** Set at creation, never changed afterwards. */
export const fixedAtCreation: Flow = { owner: 'shared', fixed: true }

const make =
  (kind: FieldKind) =>
  (flow: Flow, labels?: Message): Field =>
    labels ? { kind, flow, labels } : { kind, flow }

/** Field builders: `field.text(shared, { vi: 'Tên', en: 'Name' })`. */
export const field = {
  text: make('text'),
  code: make('code'),
  codes: make('codes'),
  phone: make('phone'),
  flag: make('flag'),
  integer: make('integer'),
  decimal: make('decimal'),
  date: make('date'),
  list: (flow: Flow, key: string, fields: Fields, labels?: Message): Field => ({
    kind: 'list',
    flow,
    items: { key, fields },
    ...(labels ? { labels } : {}),
  }),
}
