import { codeKey } from '@amis-sync/core'
import { tableOf } from '../tables.ts'
import { type Facts, idOf } from './facts.ts'

/** Nothing is deleted by the product, and nothing is taken out of use that no person deleted or took out of use. */
export function falselyRetired(facts: Facts): string[] {
  const { plugins, links, rows, diary } = facts
  const twins = new Map<string, string[]>()
  for (const plugin of plugins) {
    for (const { sides } of links.get(plugin.id)!) {
      const names = plugin.sides.flatMap((side) => {
        const at = sides[side]
        return at ? [`${side}|${at.resource}|${at.id}`] : []
      })
      for (const name of names) twins.set(name, [...(twins.get(name) ?? []), ...names])
    }
  }
  const broken: string[] = []
  for (const [table, all] of rows) {
    const [system = '', resource = ''] = table.split('|')
    if (resource === 'Vouchers') continue
    for (const row of all) {
      const name = `${table}|${idOf(system, resource, row)}`
      if (row.deleted === true && !diary.retired.has(name)) broken.push(`${name} was deleted by nobody`)
      const reasons = [name, ...(twins.get(name) ?? [])]
      const code = codeKey(String(row[tableOf(system, resource).key]))
      const known = diary.retiredCodes.has(code) || reasons.some((one) => diary.retired.has(one))
      if (row.inactive === true && !known) broken.push(`${name} was taken out of use by nobody`)
    }
  }
  return broken
}
