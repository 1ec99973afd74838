import {
  type Canonical,
  type EntityPlugin,
  type Link,
  type SystemId,
  type WorkHint,
  codeKey,
  otherSide,
} from '@amis-sync/core'
import type { Bench } from './bench.ts'
import { lastKnown } from './gather.ts'
import { isEmpty } from '../pure/same-value.ts'
import { refreshed, withTrail } from './link-draft.ts'
import type { Group } from './observation.ts'
import type { TenantContext } from './tenant-context.ts'

/** Do the values say that it is the same thing? The first identity field that both have decides; without one nobody can tell. */
function isSameThing({ identity = ['name'] }: EntityPlugin, a: Canonical, b: Canonical): boolean {
  const told = identity.find((name) => typeof a[name] === 'string' && typeof b[name] === 'string')
  return told !== undefined && codeKey(a[told] as string) === codeKey(b[told] as string)
}

/**
 * A record that was deleted and entered anew under its code (contract §1.3: the code is free again) takes its own place: it is linked with
 * the twin that is still there. Only where it stands in the same table and its values say that it is the same thing; whatever else
 * uses the code is for a person to decide.
 */
export function asSuccessor(bench: Bench, group: Group, side: SystemId): Group | undefined {
  const { view, context } = bench
  const before = bench.candidates.get(group)?.taken
  const [old, now] = [before?.sides[side], group.link.sides[side]]
  const other = otherSide(view.plugin, side)
  if (!before || !old?.gone || !now || before.sides[other]?.gone || view.plugin.kind !== 'catalogue') return undefined
  const { record, value } = group.seen.get(side)!
  const key = record?.key ?? now.key
  if (old.resource !== now.resource || key === undefined || codeKey(old.key ?? '') !== codeKey(key)) return undefined
  if (!isSameThing(view.plugin, lastKnown(view, before, side), value ?? {})) return undefined
  // What it shows counts against what was agreed of its predecessor. What was not entered anew was not cleared (D8).
  const { known: _known, ...place } = refreshed(now, group, side)
  const left = (name: string) => value?.[name] !== undefined && isEmpty(value[name])
  const base = Object.fromEntries(Object.entries(before.base ?? {}).filter(([name]) => !left(name)))
  const link = withTrail(
    { ...before, base, sides: { ...before.sides, [side]: place } },
    {
      at: context.clock.now(),
      what: 'link',
      why: 'ENTERED_ANEW',
      from: side,
      to: other,
      text: {
        vi: 'Bản ghi đã bị xóa rồi được nhập lại với cùng mã nên được liên kết lại.',
        en: 'The record was deleted and entered anew under the same code, so it is linked again.',
      },
    },
  )
  return { ...group, link }
}

/** With these records gone, others of their code may find a place now: they are looked at again. */
export async function lookAtSameCode(context: TenantContext, links: readonly Link[]): Promise<void> {
  const gone = links.flatMap((link) =>
    Object.values(link.sides).flatMap((at) => (at?.gone && at.key !== undefined ? [{ link, key: at.key }] : [])),
  )
  const hints: WorkHint[] = []
  for (const [entity, ones] of Map.groupBy(gone, ({ link }) => link.entity)) {
    const plugin = context.views.get(entity)?.plugin
    if (!plugin || plugin.match.length === 0) continue
    for (const side of plugin.sides) {
      const found = await context.store.links.findByKey(
        entity,
        side,
        ones.map(({ key }) => key),
      )
      const alone = found.filter((link) => !link.linked && !link.sides[side]!.gone)
      for (const { sides } of alone)
        hints.push({ entity, side, resource: sides[side]!.resource, recordId: sides[side]!.id })
    }
  }
  if (hints.length > 0) await context.store.work.add(hints, context.clock.now())
}
