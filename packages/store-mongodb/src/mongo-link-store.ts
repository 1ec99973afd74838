import { codeKey } from '@amis-sync/core'
import type { Link, LinkCounts, LinkStore, SystemId } from '@amis-sync/core'
import { ObjectId } from 'mongodb'
import { compact } from './documents.ts'
import type { LinkDocument } from './documents.ts'
import type { Body, TenantCollection } from './tenant-collection.ts'

type LinkChange = Parameters<LinkStore['save']>[0][number]

/** Links, one document each. */
export class MongoLinkStore implements LinkStore {
  readonly #links: TenantCollection<LinkDocument>

  constructor(links: TenantCollection<LinkDocument>) {
    this.#links = links
  }

  async findByRecord(
    entity: string,
    side: SystemId,
    records: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<Link[]> {
    if (records.length === 0) return []
    const refs = records.map(({ resource, id }) => recordRef(side, resource, id))
    return this.#preferLinked(await this.#links.read({ entity, refs: { $in: [...refs, ...refs.map(unlinkedRef)] } }))
  }

  async findByKey(entity: string, side: SystemId, keys: readonly string[]): Promise<Link[]> {
    if (keys.length === 0) return []
    const wanted = keys.map((key) => `${side}|${codeKey(key)}`)
    return this.#preferLinked(await this.#links.read({ entity, keys: { $in: wanted } }))
  }

  async findUnlinked(entity: string, match: readonly string[]): Promise<Link[]> {
    if (match.length === 0) return []
    const found = await this.#links.read({ entity, linked: false, match: { $in: [...match] } })
    return found.map((document) => this.#toLink(document))
  }

  async get(ids: readonly string[]): Promise<Link[]> {
    return (await this.#links.readByIds(ids)).map((document) => this.#toLink(document))
  }

  async save(changes: readonly LinkChange[]): Promise<('stored' | 'stale')[]> {
    if (changes.length === 0) return []
    const bodies = changes.map(({ link }) => toBody(link))
    const allNew = changes.every(({ link }) => link.revision === 0)
    // A new one among changed ones goes as an upsert that cannot match: so all are of one kind, which is one command.
    const outcome = await this.#links.bulk(
      changes.map(({ link }, index) =>
        allNew
          ? this.#links.insert(link.id, bodies[index]!)
          : this.#links.replace(link.id, { revision: link.revision }, bodies[index]!, { upsert: link.revision === 0 }),
      ),
    )
    const stored = changes.map((_, index) => !outcome.duplicates.has(index))
    if (outcome.written < changes.length - outcome.duplicates.size) await this.#unmark(stored, changes, bodies)
    const replaced = changes.flatMap(({ replaces }, index) =>
      stored[index] && replaces !== undefined ? [replaces] : [],
    )
    if (replaced.length > 0) await this.#links.removeMany({ ...this.#links.ids(replaced), linked: false })
    return stored.map((each) => (each ? 'stored' : 'stale'))
  }

  async page(
    entity: string,
    options: { readonly after?: string; readonly limit: number; readonly only?: SystemId },
  ): Promise<Link[]> {
    const filter = options.only === undefined ? { entity } : { entity, only: options.only }
    return (await this.#links.page(filter, options)).map((document) => this.#toLink(document))
  }

  async counts(entity: string): Promise<LinkCounts> {
    const groups = await this.#links.group({ entity }, { _id: '$only', count: { $sum: 1 } })
    let linked = 0
    const only: Record<SystemId, number> = {}
    for (const group of groups) {
      if (typeof group['_id'] === 'string') only[group['_id']] = group['count']
      else linked += group['count']
    }
    return { linked, only }
  }

  /** Some revisions had moved: reads back which links carry this save's mark. */
  async #unmark(
    stored: boolean[],
    changes: readonly LinkChange[],
    bodies: readonly Body<LinkDocument>[],
  ): Promise<void> {
    const ids = changes.map(({ link }) => link.id)
    const found = await this.#links.readByIds(ids, { projection: { savedBy: 1 } })
    const marks = new Map(found.map((document) => [this.#links.idOf(document), document.savedBy]))
    for (const [index, id] of ids.entries()) {
      stored[index] = stored[index] === true && marks.get(id)?.equals(bodies[index]!.savedBy) === true
    }
  }

  /** Leaves out an unlinked record that a linked one among them has at the same side: a crash left it behind. */
  #preferLinked(documents: readonly LinkDocument[]): Link[] {
    const taken = new Set(documents.flatMap(({ linked, refs }) => (linked ? refs.map(unlinkedRef) : [])))
    return documents
      .filter(({ linked, refs }) => linked || !refs.some((ref) => taken.has(ref)))
      .map((document) => this.#toLink(document))
  }

  #toLink({ link, revision }: LinkDocument): Link {
    return { ...(JSON.parse(link) as Link), revision }
  }
}

/** A link as it is stored by the next save. */
function toBody(link: Link): Body<LinkDocument> {
  const sides = Object.entries(link.sides).flatMap(([system, side]) => (side === undefined ? [] : [{ system, side }]))
  const refs = sides.map(({ system, side }) => recordRef(system, side.resource, side.id))
  const keys = sides.flatMap(({ system, side }) => (side.key === undefined ? [] : [`${system}|${codeKey(side.key)}`]))
  return compact({
    entity: link.entity,
    linked: link.linked,
    only: link.linked ? undefined : sides[0]?.system,
    refs: link.linked ? refs : refs.map(unlinkedRef),
    keys: keys.length === 0 ? undefined : keys,
    match: link.match,
    link: JSON.stringify({ ...link, revision: undefined }),
    revision: link.revision + 1,
    savedBy: new ObjectId(),
  })
}

function recordRef(side: SystemId, resource: string, id: string): string {
  return `${side}|${resource}/${id}`
}

function unlinkedRef(ref: string): string {
  return `~${ref}`
}
