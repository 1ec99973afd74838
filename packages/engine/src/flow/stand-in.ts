import { type Canonical, type EntityPlugin, type Link, type SystemId, type Value, otherSide } from '@amis-sync/core'
import { sameValue } from '../pure/same-value.ts'
import type { Group } from './observation.ts'

/**
 * Values that one side is given instead of the record's own. They are exchanged at the border, when a row is written and when it is read;
 * everything inside (base, known, merge) stands in the record's own values, so that the difference is no news.
 */
type Exchange = (own: Value, given: Value) => { readonly from: Value; readonly to: Value }

const giving: Exchange = (own, given) => ({ from: own, to: given })
const reading: Exchange = (own, given) => ({ from: given, to: own })

function exchanged(plugin: EntityPlugin, link: Link, side: SystemId, record: Canonical, exchange: Exchange): Canonical {
  const standIns = link.standIns?.[side]
  if (!standIns) return record
  const result: Record<string, Value | undefined> = { ...record }
  for (const [name, { of, give }] of Object.entries(standIns)) {
    const [value, field] = [result[name], plugin.fields[name]]
    const { from, to } = exchange(of, give)
    if (value !== undefined && field && sameValue(field, value, from)) result[name] = to
  }
  return result
}

/** What is written to `side`. */
export function withStandIns(plugin: EntityPlugin, link: Link, side: SystemId, record: Canonical): Canonical {
  return exchanged(plugin, link, side, record, giving)
}

/** What `side` shows, in the record's own values. */
export function withoutStandIns(plugin: EntityPlugin, link: Link, side: SystemId, record: Canonical): Canonical {
  return exchanged(plugin, link, side, record, reading)
}

/** The link without those whose record has another value of its own by now. */
export function withoutOutdatedStandIns(plugin: EntityPlugin, { link, seen }: Group): Link {
  if (!link.standIns) return link
  const { standIns, ...rest } = link
  const left = Object.entries(standIns).flatMap(([side, ones]) => {
    const own = seen.get(otherSide(plugin, side))?.value
    const valid = Object.entries(ones).filter(([name, { of }]) => {
      const [value, field] = [own?.[name], plugin.fields[name]]
      return field !== undefined && (value === undefined || sameValue(field, value, of))
    })
    return valid.length > 0 ? [[side, Object.fromEntries(valid)]] : []
  })
  return left.length > 0 ? { ...rest, standIns: Object.fromEntries(left) } : rest
}
