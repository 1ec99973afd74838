import type { EntityPlugin, Link, Value } from '@amis-sync/core'
import { isKnown } from '../known-findings.ts'
import { catalogues, pairOf } from './agreement.ts'
import { type Facts, explanations, isReference, means, nameOf, read, readerOf } from './facts.ts'

/** What a person entered last is there, unless somebody entered something else at the other side. */
export function lostEdits(facts: Facts): string[] {
  return catalogues(facts.plugins).flatMap((plugin) =>
    facts.links.get(plugin.id)!.flatMap((link) => (link.linked ? lostIn(facts, plugin, link) : [])),
  )
}

function lostIn(facts: Facts, plugin: EntityPlugin, link: Link): string[] {
  const pair = pairOf(facts, plugin, link)
  if (!pair || explanations(facts, link).length > 0 || isKnown(facts, link)) return []
  const entered = plugin.sides.map((side) => {
    const at = link.sides[side]!
    return facts.diary.entered.get(`${side}|${at.resource}|${at.id}`) ?? {}
  })
  return plugin.sides.flatMap((side, index) => {
    const row = pair[index]!
    const reader = readerOf(plugin, side, link.sides[side]!.resource, row)
    if (!reader) return []
    const shown = read(reader, row)
    return Object.entries(entered[index]!).flatMap(([name, own]) => {
      const field = plugin.fields[name]
      if (!field || isReference(plugin, name) || name === plugin.activeField || shown[name] === undefined) return []
      const other: Value | undefined = entered[1 - index]![name]
      const kept = means(field, shown[name], own) || (other !== undefined && means(field, shown[name], other))
      // Items of lists are merged one by one: a mixture of both is right.
      if (kept || (field.kind === 'list' && other !== undefined)) return []
      return [
        `${nameOf(link)}: ${side} shows ${name} ${JSON.stringify(shown[name])}, entered was ${JSON.stringify(own)}`,
      ]
    })
  })
}
