import { createHash } from 'node:crypto'
import type { EntityPlugin, RowWrite } from '@amis-sync/core'
import type { TenantSettings } from '../engine-types.ts'
import type { PlanHeader, PlanItem, PlanSettings } from './plan-types.ts'

/** JSON whose keys are in order, so that equal values have equal texts. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** Names what a write does, not when or for whom: the same change has the same print. */
export function printOfWrite(system: string, { resource, operation, id, row, companions }: RowWrite): string {
  return hash(stableJson([system, resource, operation, id ?? null, row, companions ?? []]))
}

/** Ties each item of a plan to those before it: what was changed, taken out, added or moved is found at its line. */
export function chainSum(before: string, item: PlanItem): string {
  return hash(before + stableJson(item))
}

/** Tells whether a plan's header is as it was made. */
export function headerSum(header: PlanHeader): string {
  return hash(stableJson(header))
}

/** The settings that decide what becomes of records; `enabled` are the entity types of records, not of figures. */
export function planSettings(
  { convertedFrom, plugins, conflicts }: TenantSettings,
  enabled: readonly EntityPlugin[],
): PlanSettings {
  const ids = enabled.map(({ id }) => id).sort()
  const chosen = <T>(from: Readonly<Record<string, T>>) =>
    Object.fromEntries(ids.flatMap((id) => (from[id] && Object.keys(from[id]).length > 0 ? [[id, from[id]]] : [])))
  return { convertedFrom, enabled: ids, options: chosen(plugins), conflicts: chosen(conflicts) }
}

export function settingsPrint(settings: PlanSettings): string {
  return hash(stableJson(settings))
}

/** Paths at which two settings differ: `options.sales-order.recordAs`. */
export function settingsDifferences(a: unknown, b: unknown, path = ''): string[] {
  if (stableJson(a ?? null) === stableJson(b ?? null)) return []
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isRecord(a) || !isRecord(b)) return [path]
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return names.flatMap((name) => settingsDifferences(a[name], b[name], path === '' ? name : `${path}.${name}`))
}
