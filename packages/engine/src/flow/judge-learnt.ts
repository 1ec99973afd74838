import type { SystemId, WorkHint } from '@amis-sync/core'
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
  const record = seen.get(side)?.record
  if (!record) return []
  return [{ entity: link.entity, side, resource: record.resource, recordId: record.id, observed: record }]
}
