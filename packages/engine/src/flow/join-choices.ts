import { type Canonical, type Choice, type SystemId, otherSide } from '@amis-sync/core'
import { isEmpty, sameValue } from '../pure/same-value.ts'
import type { Bench } from './bench.ts'
import type { PairDecision } from './decisions.ts'

/**
 * Whose values hold when a person joins two unlinked records: what he chose field by field, the side he prefers, or what the plugin says
 * (a customer's code is Accounting's). Other fields that differ, and all where nobody was asked, follow the tenant's rules.
 */
export function joinChoices(
  { context, view: { plugin } }: Bench,
  shown: Readonly<Record<SystemId, Canonical>>,
  decision: PairDecision,
): Record<string, Choice> {
  const rules = context.settings.conflicts[plugin.id]?.fields ?? {}
  const result: Record<string, Choice> = {}
  const [first] = plugin.sides
  const second = otherSide(plugin, first)
  for (const [name, field] of Object.entries(plugin.fields)) {
    const [a, b] = [shown[first]?.[name], shown[second]?.[name]]
    if (field.flow.oneWay || field.flow.fixed || a === undefined || b === undefined) continue
    if (isEmpty(a) || isEmpty(b) || sameValue(field, a, b)) continue
    const preferred = plugin.matching?.fields.find((one) => one.field === name)?.prefer
    const rule = rules[name] === undefined ? preferred : undefined
    const side = decision.choices?.[name] ?? decision.prefer ?? rule
    if (side === undefined) continue
    result[name] = {
      by: decision.by,
      at: context.clock.now(),
      side,
      seen: { [first]: a, [second]: b },
    }
  }
  return result
}
