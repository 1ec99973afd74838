import type { Facts } from './facts.ts'

const atRest = new Set(['waiting', 'blocked', 'conflict', 'parked'])

/** Nothing is left to do by itself: no delivery, no open intent, no work that is ready, under way or about to be tried again. */
export function restless({ open, work }: Facts): string[] {
  const moving = work.filter(({ state }) => !atRest.has(state))
  return [
    ...(open.journal > 0 ? [`${open.journal} intents are open`] : []),
    ...(open.inbox > 0 ? [`${open.inbox} deliveries were not taken`] : []),
    ...moving.map(({ id, state, failure }) => `${id} is ${state}: ${failure?.en ?? ''}`),
    ...work.filter(({ failure }) => failure?.code === 'INTERNAL').map(({ id, failure }) => `${id}: ${failure!.en}`),
  ]
}

/** Who waits, waits for something that has not come. */
export function waitsInVain({ work, links }: Facts): string[] {
  const there = new Set(
    [...links.values()]
      .flat()
      .flatMap((link) =>
        link.linked && !Object.values(link.sides).some((at) => at?.gone === true)
          ? Object.entries(link.sides).map(([side, at]) => `${link.entity}|${side}|id:${at?.resource}/${at?.id}`)
          : [],
      ),
  )
  return work
    .filter(({ state, waitingFor }) => state === 'waiting' && waitingFor.some((key) => there.has(key)))
    .map(({ id, waitingFor }) => `${id} waits for ${waitingFor.join()}, which is there`)
}
