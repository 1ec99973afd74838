import { type EntityPlugin, type Link, directionOf } from '@amis-sync/core'
import type { AnyRow } from '../systems.ts'
import { type Facts, explanations, isReference, liveRow, means, nameOf, read, readerOf } from './facts.ts'

/** Both sides of a link say the same wherever a field travels both ways, or the product says why not. */
export function disagreements(facts: Facts): string[] {
  return catalogues(facts.plugins).flatMap((plugin) =>
    facts.links.get(plugin.id)!.flatMap((link) => (link.linked ? differences(facts, plugin, link) : [])),
  )
}

export function catalogues(plugins: readonly EntityPlugin[]): EntityPlugin[] {
  return plugins.filter(
    ({ kind, sides, wire }) => kind === 'catalogue' && sides.every((side) => wire[side]!.write !== undefined),
  )
}

/** The live rows of a link, by the plugin's order of sides; undefined = one is gone. */
export function pairOf(facts: Facts, plugin: EntityPlugin, link: Link): readonly [AnyRow, AnyRow] | undefined {
  const [a, b] = plugin.sides.map((side) => {
    const at = link.sides[side]
    return at && liveRow(facts, side, at.resource, at.id)
  })
  return a && b ? [a, b] : undefined
}

function differences(facts: Facts, plugin: EntityPlugin, link: Link): string[] {
  const pair = pairOf(facts, plugin, link)
  if (!pair || explanations(facts, link).length > 0) return []
  const [a, b] = plugin.sides.map((side, index) => {
    const reader = readerOf(plugin, side, link.sides[side]!.resource, pair[index]!)
    return reader && read(reader, pair[index]!)
  })
  if (!a || !b) return []
  return Object.entries(plugin.fields).flatMap(([name, field]) => {
    const { owner, oneWay, fixed } = field.flow
    if (fixed || isReference(plugin, name) || a[name] === undefined || b[name] === undefined) return []
    const travels = plugin.sides.some((from, index) => {
      const to = plugin.sides[1 - index]!
      return directionOf(plugin.policy, from, to)?.update === 'always' && (!oneWay || owner === from)
    })
    if (!travels || oneWay || means(field, a[name], b[name])) return []
    return [`${nameOf(link)}: ${name} is ${JSON.stringify(a[name])} and ${JSON.stringify(b[name])}`]
  })
}
