import { type SystemId, type WorkHint, codeKey } from '@amis-sync/core'
import type { Bench } from './bench.ts'
import { showsWhatIsKnown } from './echo.ts'
import { keepUnlinked } from './judge.ts'
import type { Group, Judgement } from './observation.ts'

/** A record that is only got to know: unlinked ones are registered, linked ones are looked at when something about them changes. */
export function learnt(bench: Bench, group: Group): Judgement {
  const side = [...group.seen.keys()][0]!
  const skip = { kind: 'keep', group, settle: { state: 'done' }, counts: 'skipped' } as const
  if (group.seen.get(side)?.gone) return skip
  if (group.link.linked)
    return showsWhatIsKnown(bench.view, group, side) ? skip : { ...skip, pull: hintsOf(group, side) }
  const link = keepUnlinked(bench, group, side, 'seen', 'SEEN', {
    vi: 'Đã biết bản ghi này',
    en: 'The record is known',
  })
  return link ? { ...skip, link } : skip
}

/** Sent by hand before, and changed since: it is looked at like any that has news. */
function hintsOf({ link, seen }: Group, side: SystemId): WorkHint[] {
  const { record, triggers = [], pulledBy = [] } = seen.get(side) ?? {}
  if (!record) return []
  const asked = { triggers: [...triggers], pulledBy: [...pulledBy] }
  return [{ entity: link.entity, side, resource: record.resource, recordId: record.id, observed: record, ...asked }]
}

/**
 * Records of one code that come from both sides in one batch, neither known before: they must be known to each other before anything is
 * decided (D5), or each would be created at the side where the other one is.
 */
export function strangersOfOneCode(groups: readonly Group[]): ReadonlySet<Group> {
  const found = new Set<Group>()
  const sameCode = Map.groupBy(
    groups.filter(({ link }) => !link.linked),
    (group) => keyOf(group) ?? group,
  )
  for (const ones of sameCode.values()) {
    const sides = new Set(ones.flatMap(({ seen }) => [...seen.keys()]))
    if (sides.size < 2) continue
    for (const one of ones) if (one.link.revision === 0) found.add(one)
  }
  return found
}

function keyOf({ link, seen }: Group): string | undefined {
  const side = [...seen.keys()][0]!
  const key = seen.get(side)?.record?.key ?? link.sides[side]?.key
  return key === undefined ? undefined : codeKey(key)
}

/** It is registered, and looked at again at once. */
export function introduced(bench: Bench, group: Group): Judgement {
  const side = [...group.seen.keys()][0]!
  const judgement = learnt(bench, group)
  return judgement.kind === 'keep' ? { ...judgement, pull: hintsOf(group, side) } : judgement
}
