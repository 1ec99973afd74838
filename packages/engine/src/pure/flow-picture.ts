import type { Direction, EntityPlugin, Field, Message, Rule, SystemId } from '@amis-sync/core'
import { inDependencyOrder } from './plugin-view.ts'

/** The four arrows of the business-flow picture (FL1): lập từ, lấy sang, tự động cập nhật, cập nhật lại. */
export type FlowArrowKind = 'made-from' | 'taken-over' | 'updated-automatically' | 'updated-back'

/** What must be so for a record to be taken over. */
export interface FlowCause {
  /** `needed`: by a record of the entity `id`. `trigger`: a way of asking, or a fact of the record. `person`: somebody decides. */
  readonly kind: 'needed' | 'trigger' | 'person'
  readonly id: string
  readonly labels: Message
}

export interface FlowEnd {
  readonly system: SystemId
  readonly entity: string
}

export interface FlowArrow {
  readonly kind: FlowArrowKind
  readonly from: FlowEnd
  readonly to: FlowEnd
  /** What travels: new records and edits, only new ones, only edits of records that both sides have. Absent: made-from, updated-back. */
  readonly scope?: 'all' | 'additions' | 'edits'
  /** Any of these lets it travel. Absent: it travels by itself. */
  readonly when?: readonly FlowCause[]
  /** The fields that come back. */
  readonly fields?: readonly { readonly path: string; readonly labels: Message }[]
}

export interface FlowEntity {
  readonly id: string
  readonly labels: Message
  readonly kind: EntityPlugin['kind']
  readonly sides: readonly [SystemId, SystemId]
  /** The step of the first sync that carries it. */
  readonly step: EntityPlugin['firstSync']['step']
  /** What a new record becomes by the tenant's settings, where there is a choice: order or contract (SO1). */
  readonly mode?: { readonly system: SystemId; readonly id: string; readonly labels: Message }
}

export interface FlowSystem {
  readonly id: SystemId
  readonly labels: Message
}

export interface FlowPicture {
  readonly systems: readonly FlowSystem[]
  readonly entities: readonly FlowEntity[]
  readonly arrows: readonly FlowArrow[]
}

export interface FlowInput {
  readonly plugins: readonly EntityPlugin[]
  /** In the order in which they are drawn. */
  readonly systems: readonly FlowSystem[]
  /** Entities that the tenant syncs. */
  readonly enabled: ReadonlySet<string>
  /** Entities that a connected system does not offer. */
  readonly off: ReadonlySet<string>
  /** Each plugin's own section of the tenant file. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Ways of asking that every entity knows. */
const waysOfAsking: Readonly<Record<string, Message>> = {
  manual: { vi: 'gửi tay', en: 'sent by hand' },
  'first-sync': { vi: 'đồng bộ lần đầu', en: 'first sync' },
  standardise: { vi: 'chuẩn hóa dữ liệu', en: 'standardisation' },
}

/** What is drawn, as data: only from what plugins declare and the tenant set. Nothing here knows any entity by name. */
export function flowPicture(input: FlowInput): FlowPicture {
  const shown = inDependencyOrder(input.plugins).filter(({ id }) => input.enabled.has(id) && !input.off.has(id))
  const byId = new Map(shown.map((plugin) => [plugin.id, plugin]))
  const entities = shown.map((plugin) => entityOf(plugin, input)).toSorted((a, b) => rank(a) - rank(b))
  const arrows = entities.flatMap(({ id }) => {
    const plugin = byId.get(id)!
    return [
      ...madeFrom(plugin, byId),
      ...plugin.policy.directions.flatMap((direction) => arrowsOf(plugin, direction, byId)),
    ]
  })
  const used = new Set(entities.flatMap(({ sides }) => sides))
  const unnamed = [...used].filter((id) => !input.systems.some((system) => system.id === id))
  const systems = [...input.systems, ...unnamed.map((id) => ({ id, labels: { vi: id, en: id } }))]
  return { systems: systems.filter(({ id }) => used.has(id)), entities, arrows }
}

/** In the order of the first sync; figures, which are only looked up, come last. */
function rank({ kind, step }: FlowEntity): number {
  return kind === 'figure' ? 4 : step
}

function entityOf(plugin: EntityPlugin, { settings }: FlowInput): FlowEntity {
  const { id, labels, kind, sides, firstSync, wire, handler, terms } = plugin
  const mode = handler?.mode?.({ settings: settings[id] ?? {} })
  const system = sides.find((side) => wire[side]?.resources.some(({ modes }) => mode !== undefined && modes?.[mode]))
  return {
    id,
    labels,
    kind,
    sides,
    step: firstSync.step,
    ...(mode === undefined || system === undefined
      ? {}
      : { mode: { system, id: mode, labels: terms?.[mode] ?? { vi: mode, en: mode } } }),
  }
}

/** A document that names another document is made from it, where documents are entered: at the side that travels first. */
function madeFrom(plugin: EntityPlugin, shown: ReadonlyMap<string, EntityPlugin>): FlowArrow[] {
  const [system] = plugin.sides
  const sources = new Set(plugin.kind === 'document' ? plugin.references.map(({ entity }) => entity) : [])
  return [...sources].flatMap((id): FlowArrow[] => {
    const source = shown.get(id)
    if (id === plugin.id || source?.kind !== 'document' || !source.sides.includes(system)) return []
    return [{ kind: 'made-from', from: { system, entity: id }, to: { system, entity: plugin.id } }]
  })
}

/** When a rule holds: by itself, or for causes; neither means never. */
interface Freedom {
  readonly always: boolean
  readonly when: readonly FlowCause[]
}

function freedomOf(rule: Rule, plugin: EntityPlugin, shown: ReadonlyMap<string, EntityPlugin>): Freedom {
  const parts = flat(rule)
  const when = parts.flatMap((part): FlowCause[] => {
    if (part === 'ask')
      return [{ kind: 'person', id: 'ask', labels: { vi: 'người quyết định', en: 'a person decides' } }]
    if (typeof part === 'string') return []
    if ('ifPulled' in part) {
      return part.ifPulled.flatMap((id): FlowCause[] => {
        const needs = shown.get(id)
        return needs && id !== plugin.id ? [{ kind: 'needed', id, labels: needs.labels }] : []
      })
    }
    return part.onTrigger.map((id) => {
      const labels = plugin.terms?.[id] ?? waysOfAsking[id] ?? { vi: id, en: id }
      return { kind: 'trigger', id, labels }
    })
  })
  return { always: parts.includes('always') || parts.includes('ifLinked'), when }
}

function flat(rule: Rule): readonly Exclude<Rule, readonly Rule[]>[] {
  return Array.isArray(rule) ? rule.flatMap(flat) : [rule as Exclude<Rule, readonly Rule[]>]
}

function arrowsOf(plugin: EntityPlugin, direction: Direction, shown: ReadonlyMap<string, EntityPlugin>): FlowArrow[] {
  const { from, to, writeBack } = direction
  const ends = { from: { system: from, entity: plugin.id }, to: { system: to, entity: plugin.id } }
  const create = freedomOf(direction.create === 'ifLinked' ? 'never' : direction.create, plugin, shown)
  const update = freedomOf(direction.update, plugin, shown)
  const conditions = (when: readonly FlowCause[]) => (when.length > 0 ? { when } : {})
  const edits = update.always || update.when.length > 0

  if (writeBack) {
    if (!edits || writeBack.length === 0) return []
    const fields = writeBack
      // A part of a list that comes back whole says nothing new.
      .filter((path) => !writeBack.includes(path.split('[].')[0]!) || !path.includes('[].'))
      .map((path) => ({ path, labels: fieldAt(plugin, path)?.labels ?? { vi: path, en: path } }))
    return [{ kind: 'updated-back', ...ends, fields, ...conditions(update.always ? [] : update.when) }]
  }
  if (create.always) return [{ kind: 'updated-automatically', ...ends, scope: edits ? 'all' : 'additions' }]
  const arrows: FlowArrow[] = []
  if (create.when.length > 0) {
    const both = !update.always && update.when.length > 0
    arrows.push({ kind: 'taken-over', ...ends, scope: both ? 'all' : 'additions', when: create.when })
  } else if (!update.always && edits) {
    arrows.push({ kind: 'taken-over', ...ends, scope: 'edits', when: update.when })
  }
  if (update.always) arrows.push({ kind: 'updated-automatically', ...ends, scope: 'edits' })
  return arrows
}

function fieldAt(plugin: EntityPlugin, path: string): Field | undefined {
  const [head, part] = path.split('[].') as [string, string | undefined]
  const found = plugin.fields[head]
  return part === undefined ? found : found?.items?.fields[part]
}
