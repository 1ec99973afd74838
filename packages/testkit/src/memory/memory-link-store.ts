import { codeKey } from '@amis-sync/core'
import type { Link, LinkCounts, LinkStore, SystemId } from '@amis-sync/core'
import { byText, copy } from './copy.ts'

type LinkChange = Parameters<LinkStore['save']>[0][number]

/** Links in memory, indexed as the database indexes them. */
export class MemoryLinkStore implements LinkStore {
  readonly #links = new Map<string, Link>()
  /** `entity|side|resource/id` → link id; unlinked records have their own name space. */
  readonly #records = new Map<string, string>()
  readonly #keys = new Map<string, Set<string>>()

  async findByRecord(
    entity: string,
    side: SystemId,
    records: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<Link[]> {
    const refs = records.map(({ resource, id }) => `${entity}|${side}|${resource}/${id}`)
    const ids = refs.flatMap((ref) => this.#records.get(ref) ?? this.#records.get(`~${ref}`) ?? [])
    return this.get(ids)
  }

  async findByKey(entity: string, side: SystemId, keys: readonly string[]): Promise<Link[]> {
    const ids = keys.flatMap((key) => [...(this.#keys.get(`${entity}|${side}|${codeKey(key)}`) ?? [])])
    const found = await this.get(ids)
    const taken = new Set(found.filter(({ linked }) => linked).flatMap(plainRefs))
    return found.filter((link) => link.linked || !plainRefs(link).some((ref) => taken.has(ref)))
  }

  async findUnlinked(entity: string, match: readonly string[]): Promise<Link[]> {
    if (match.length === 0) return []
    const wanted = new Set(match)
    const hits = (link: Link): boolean =>
      link.entity === entity && !link.linked && (link.match ?? []).some((text) => wanted.has(text))
    return [...this.#links.values()].filter(hits).map(copy)
  }

  async get(ids: readonly string[]): Promise<Link[]> {
    return [...new Set(ids)].flatMap((id) => copy(this.#links.get(id)) ?? [])
  }

  async save(changes: readonly LinkChange[]): Promise<('stored' | 'stale')[]> {
    const results = changes.map(({ link }) => (this.#store(copy(link)) ? 'stored' : 'stale'))
    for (const [index, { replaces }] of changes.entries()) {
      const twin = replaces === undefined ? undefined : this.#links.get(replaces)
      if (results[index] === 'stored' && twin?.linked === false) this.#forget(twin)
    }
    return results
  }

  async page(
    entity: string,
    options: { readonly after?: string; readonly limit: number; readonly only?: SystemId },
  ): Promise<Link[]> {
    const { after = '', limit, only } = options
    return [...this.#links.values()]
      .filter((link) => link.entity === entity && link.id > after && (only === undefined || onlySide(link) === only))
      .sort((a, b) => byText(a.id, b.id))
      .slice(0, limit)
      .map(copy)
  }

  async counts(entity: string): Promise<LinkCounts> {
    let linked = 0
    const only: Record<SystemId, number> = {}
    for (const link of this.#links.values()) {
      if (link.entity !== entity) continue
      const side = onlySide(link)
      if (side === undefined) linked += 1
      else only[side] = (only[side] ?? 0) + 1
    }
    return { linked, only }
  }

  #store(link: Link): boolean {
    const stored = this.#links.get(link.id)
    if ((stored?.revision ?? 0) !== link.revision) return false
    if (refsOf(link).some((ref) => (this.#records.get(ref) ?? link.id) !== link.id)) return false
    if (stored) this.#forget(stored)
    this.#links.set(link.id, { ...link, revision: link.revision + 1 })
    for (const ref of refsOf(link)) this.#records.set(ref, link.id)
    for (const key of keysOf(link)) this.#keys.set(key, (this.#keys.get(key) ?? new Set()).add(link.id))
    return true
  }

  #forget(link: Link): void {
    this.#links.delete(link.id)
    for (const ref of refsOf(link)) this.#records.delete(ref)
    for (const key of keysOf(link)) this.#keys.get(key)?.delete(link.id)
  }
}

function onlySide(link: Link): SystemId | undefined {
  return link.linked ? undefined : Object.keys(link.sides)[0]
}

function plainRefs(link: Link): string[] {
  return Object.entries(link.sides).flatMap(([system, side]) =>
    side === undefined ? [] : [`${link.entity}|${system}|${side.resource}/${side.id}`],
  )
}

function refsOf(link: Link): string[] {
  return link.linked ? plainRefs(link) : plainRefs(link).map((ref) => `~${ref}`)
}

function keysOf(link: Link): string[] {
  return Object.entries(link.sides).flatMap(([system, side]) =>
    side?.key === undefined ? [] : [`${link.entity}|${system}|${codeKey(side.key)}`],
  )
}
