import { type HoldReason, type Link, type SystemId, otherSide } from '@amis-sync/core'
import type { Bench } from './bench.ts'
import type { SeenSide } from './observation.ts'

/** Somebody asked for this very record, or a document needs it: what it looks like is no reason to wait. */
export function isWanted({ triggers, pulledBy }: SeenSide): boolean {
  return triggers.has('manual') || pulledBy.size > 0
}

/** Before a record is created that may be there already under another code, a person looks (design §5). */
export function looksLike({ view: { plugin } }: Bench, side: SystemId, link: Link): HoldReason {
  const other = otherSide(plugin, side)
  const name = link.sides[other]?.key ?? link.sides[other]?.id ?? ''
  return {
    code: 'LOOKS_LIKE',
    text: {
      vi: `Chưa gửi vì có thể là "${name}" (${other}). Hãy chạy standardise cho ${plugin.id} rồi quyết định: cùng một đối tượng, hay hai đối tượng khác nhau.`,
      en: `It is not sent because it may be "${name}" (${other}). Run standardise for ${plugin.id}, and decide: the same thing, or two different ones.`,
    },
  }
}
