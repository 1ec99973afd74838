import { codeKey } from '@amis-sync/core'
import { tableOf } from '../tables.ts'
import { type Facts, idOf, readerOf } from './facts.ts'

/** A record is linked once (a stale unlinked twin may be left, see `LinkStore`), and with records that exist or once did. */
export function doubleLinks({ plugins, links, rows }: Facts): string[] {
  const broken: string[] = []
  for (const { id: entity, sides } of plugins) {
    const seen = new Map<string, string>()
    for (const link of links.get(entity)!) {
      for (const side of sides) {
        const at = link.sides[side]
        if (!at || !link.linked) continue
        const name = `${entity}|${side}|${at.resource}|${at.id}`
        const before = seen.get(name)
        if (before !== undefined) broken.push(`${name} is in the links ${before} and ${link.id}`)
        seen.set(name, link.id)
        const known = rows.get(`${side}|${at.resource}`)?.some((row) => idOf(side, at.resource, row) === at.id)
        if (known === false) broken.push(`${name} never was there`)
      }
    }
  }
  return broken
}

/** Everything that the product made is linked: a second copy of a record would be nobody's. */
export function orphans({ plugins, links, rows }: Facts): string[] {
  const broken: string[] = []
  for (const plugin of plugins) {
    for (const side of plugin.sides) {
      if (plugin.wire[side]!.write === 'none') continue
      for (const table of new Set(plugin.wire[side]!.resources.map(({ resource }) => resource))) {
        const linked = new Set(
          links
            .get(plugin.id)!
            .flatMap((link) => (link.linked && link.sides[side]?.resource === table ? [link.sides[side].id] : [])),
        )
        for (const row of rows.get(`${side}|${table}`) ?? []) {
          const ours = isMadeByUs(row) && row.deleted !== true && readerOf(plugin, side, table, row) !== undefined
          if (ours && !linked.has(idOf(side, table, row)))
            broken.push(
              `${side} ${table} ${String(row[tableOf(side, table).key])} was made by the product and is in no link`,
            )
        }
      }
    }
  }
  return broken
}

export function isMadeByUs(row: Readonly<Record<string, unknown>>): boolean {
  return typeof row.created_by === 'string' && row.created_by !== 'user' && row.created_by !== 'seed'
}

/** Codes and numbers name one live row of a table. */
export function doubles({ rows }: Facts): string[] {
  const broken: string[] = []
  for (const [name, all] of rows) {
    const [system = '', table = ''] = name.split('|')
    const { key } = tableOf(system, table)
    const seen = new Set<string>()
    for (const row of all) {
      if (row.deleted === true || typeof row[key] !== 'string') continue
      const code = codeKey(row[key])
      if (seen.has(code)) broken.push(`${name} has ${row[key]} twice`)
      seen.add(code)
    }
  }
  return broken
}
