/** How many behaviours each group has: the list that nothing may drop out of unseen. Their meaning is in docs/behaviours.md. */
const groups: Readonly<Record<string, number>> = {
  C: 12,
  D: 9,
  CU: 9,
  CG: 5,
  PR: 6,
  PG: 5,
  SO: 17,
  IR: 5,
  ST: 3,
  DE: 2,
  QU: 1,
  PP: 1,
  FL: 1,
  FW: 7,
}

/** Every behaviour's id, in the page's order. */
export const behaviourIds: readonly string[] = Object.entries(groups).flatMap(([group, count]) =>
  Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
)

/** What looks like an id of a behaviour: capital letters and a number at the start of a title, or behind another id. */
const idLike = /^([A-Z]{1,3}\d{1,2})(?=[\s:,.–—]|$)/

/** The ids that a title begins with: `PR1 PG1 the first sync …` → PR1, PG1. Also what only looks like one. */
export function idsOf(title: string): string[] {
  const ids: string[] = []
  let rest = title
  for (let match = idLike.exec(rest); match; match = idLike.exec(rest)) {
    ids.push(match[1]!)
    rest = rest.slice(match[1]!.length).replace(/^[\s:,.–—]+/, '')
  }
  return ids
}
