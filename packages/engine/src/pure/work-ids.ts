import { type Link, workId } from '@amis-sync/core'

/** The work items that a link may have: one for each side that knows the record. */
export function workIdsOf({ entity, sides }: Pick<Link, 'entity' | 'sides'>): string[] {
  return Object.entries(sides).flatMap(([side, at]) =>
    at ? [workId({ entity, side, resource: at.resource, recordId: at.id })] : [],
  )
}
