import { type EntityPlugin, type Link, type Rule, codeKey, directionOf, valuesAt } from '@amis-sync/core'
import { tableOf } from '../tables.ts'
import { type Facts, idOf, read, readerOf } from './facts.ts'

/** What the policy sends at once is at the other side, or the product says why not. */
export function unsent(facts: Facts): string[] {
  return eachRow(facts).flatMap(({ plugin, side, table, id, code, link }) => {
    const to = plugin.sides.find((one) => one !== side)!
    if (directionOf(plugin.policy, side, to)?.create !== 'always' || link?.linked === true) return []
    const told = facts.work.some((item) => item.entity === plugin.id && item.side === side && item.recordId === id)
    const why = link?.trail.at(-1)
    if (told || why?.what === 'hold') return []
    return [`${plugin.id}: ${side} ${table} ${code} is not linked, and nothing says why: ${why?.what} ${why?.why}`]
  })
}

/** What only goes along with others has not gone alone (CU2, CG2): no document and no record that was sent names it. */
export function unasked(facts: Facts): string[] {
  const { diary } = facts
  return eachRow(facts).flatMap(({ plugin, side, table, id, code, link }) => {
    const to = plugin.sides.find((one) => one !== side)!
    const rule = directionOf(plugin.policy, side, to)?.create
    if (link?.linked !== true || !goesAlong(rule)) return []
    // It took the place of one that was sent before.
    if (link.trail.some(({ why }) => why === 'ENTERED_ANEW')) return []
    const twin = link.sides[to]!
    // Somebody entered it there: it did not travel. Bulk sync takes everything (C7).
    if (diary.early.has(`${side}|${table}|${id}`)) return []
    if (diary.entered.has(`${to}|${twin.resource}|${twin.id}`)) return []
    if (diary.asked.has(codeKey(code)) || isNamed(facts, plugin, code)) return []
    return [`${plugin.id}: ${side} ${table} ${code} (${id}) went to ${to}, and nothing needed it`]
  })
}

/** Does any record name this one? Present documents, and those that were changed since, count alike. */
function isNamed(facts: Facts, plugin: EntityPlugin, code: string): boolean {
  const wanted = codeKey(code)
  if (facts.diary.named.has(wanted)) return true
  for (const other of facts.plugins) {
    const paths = other.references.filter(({ entity }) => entity === plugin.id).map(({ path }) => path)
    if (paths.length === 0) continue
    for (const side of other.sides) {
      for (const { resource } of other.wire[side]!.resources) {
        for (const row of facts.rows.get(`${side}|${resource}`) ?? []) {
          const reader = readerOf(other, side, resource, row)
          if (reader && paths.some((path) => valuesAt(read(reader, row), path).some((one) => codeKey(one) === wanted)))
            return true
        }
      }
    }
  }
  return false
}

/** Only what goes along with others: neither sent at once nor for a fact of its own. */
function goesAlong(rule: Rule | undefined): boolean {
  return Array.isArray(rule) ? rule.some(goesAlong) : typeof rule === 'object' && 'ifPulled' in rule
}

interface Found {
  readonly plugin: EntityPlugin
  readonly side: string
  readonly table: string
  readonly id: string
  readonly code: string
  readonly link: Link | undefined
}

/** Live rows of catalogues at sides that are a source. */
function eachRow(facts: Facts): Found[] {
  return facts.plugins
    .filter(({ kind }) => kind === 'catalogue')
    .flatMap((plugin) =>
      plugin.sides.flatMap((side) =>
        [...new Set(plugin.wire[side]!.resources.map(({ resource }) => resource))].flatMap((table) =>
          (facts.rows.get(`${side}|${table}`) ?? [])
            .filter((row) => row.deleted !== true && readerOf(plugin, side, table, row) !== undefined)
            .map((row) => {
              const id = idOf(side, table, row)
              const links = facts.links.get(plugin.id)!.filter(({ sides }) => {
                const at = sides[side]
                return at?.resource === table && at.id === id
              })
              const link = links.find(({ linked }) => linked) ?? links[0]
              return { plugin, side, table, id, code: String(row[tableOf(side, table).key]), link }
            }),
        ),
      ),
    )
}
