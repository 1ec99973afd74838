import {
  type DocumentStore,
  type EntityPlugin,
  type Link,
  type LinkCounts,
  type LinkStore,
  type SystemId,
  codeKey,
  otherSide,
} from '@amis-sync/core'

type LinkChange = Parameters<LinkStore['save']>[0][number]

/** Links as a plan would make them, until it is finished; ids are `plan|link`. */
export const plannedLinkKind = 'plan-link'

/** A link as it would be, or the one that a record would become part of. */
type Planned = { readonly link: Link } | { readonly into: string }

/**
 * The registry as it would be, had the plan been carried out so far: what is linked or written is only noted in documents beside it; records
 * that became known are stored, since they are there whoever plans. So a later record finds what an earlier one would have made.
 */
export class PlannedLinks implements LinkStore {
  readonly #real: LinkStore
  readonly #documents: DocumentStore
  readonly #plugins: readonly EntityPlugin[]
  readonly #plan: string
  readonly #startedAt: number
  readonly #isWritten: (link: string) => boolean
  /** Those that came out of the notes. */
  readonly #planned = new WeakSet<Link>()
  /** `entity|side` where something would be made that the registry cannot find by its code. */
  readonly #made = new Set<string>()

  constructor(parts: {
    readonly real: LinkStore
    readonly documents: DocumentStore
    readonly plugins: readonly EntityPlugin[]
    readonly plan: string
    readonly startedAt: number
    /** Is a write of this link being settled? */
    readonly isWritten: (link: string) => boolean
  }) {
    this.#real = parts.real
    this.#documents = parts.documents
    this.#plugins = parts.plugins
    this.#plan = parts.plan
    this.#startedAt = parts.startedAt
    this.#isWritten = parts.isWritten
  }

  /** Would this one have been written or linked by now? */
  isPlanned(link: Link): boolean {
    return this.#planned.has(link)
  }

  async findByRecord(
    entity: string,
    side: SystemId,
    records: readonly { readonly resource: string; readonly id: string }[],
  ): Promise<Link[]> {
    return this.#asPlanned(await this.#real.findByRecord(entity, side, records))
  }

  async findByKey(entity: string, side: SystemId, keys: readonly string[]): Promise<Link[]> {
    const found = await this.#real.findByKey(entity, side, keys)
    if (this.#made.has(`${entity}|${side}`)) {
      const plugin = this.#plugins.find(({ id }) => id === entity)!
      // What would be made there has the code of its source.
      found.push(...(await this.#real.findByKey(entity, otherSide(plugin, side), keys)))
    }
    const wanted = new Set(keys.map(codeKey))
    return (await this.#asPlanned(found)).filter(({ sides }) => wanted.has(codeKey(sides[side]?.key ?? '')))
  }

  async findUnlinked(entity: string, match: readonly string[]): Promise<Link[]> {
    return (await this.#asPlanned(await this.#real.findUnlinked(entity, match))).filter(({ linked }) => !linked)
  }

  async get(ids: readonly string[]): Promise<Link[]> {
    return this.#asPlanned(await this.#real.get(ids))
  }

  async save(changes: readonly LinkChange[]): Promise<('stored' | 'stale')[]> {
    const taken = await this.#takenBy(changes)
    const results = changes.map(({ link, replaces }): 'stored' | 'stale' =>
      replaces !== undefined && taken.get(replaces) !== link.id ? 'stale' : 'stored',
    )
    const known = changes.filter(({ link }) => !link.linked && !this.#isWritten(link.id))
    const stored = await this.#real.save(known.map(({ link }) => ({ link: this.#withoutStory(link) })))
    known.forEach((change, index) => (results[changes.indexOf(change)] = stored[index]!))
    const notes = changes.flatMap((change, index) => {
      const { link, replaces } = change
      if (results[index] === 'stale' || !this.#isChange(change)) return []
      const note: Planned = { link: { ...link, revision: link.revision + 1 } }
      for (const side of Object.keys(link.sides)) this.#made.add(`${link.entity}|${side}`)
      return [this.#note(link.id, note), ...(replaces === undefined ? [] : [this.#note(replaces, { into: link.id })])]
    })
    await this.#documents.put(plannedLinkKind, notes)
    return results
  }

  async page(
    entity: string,
    options: { readonly after?: string; readonly limit: number; readonly only?: SystemId },
  ): Promise<Link[]> {
    const result: Link[] = []
    let { after } = options
    for (;;) {
      const page = await this.#real.page(entity, { ...options, ...(after === undefined ? {} : { after }) })
      const links = await this.#asPlanned(page)
      result.push(...links.filter((link) => options.only === undefined || !this.isPlanned(link)))
      after = page.at(-1)?.id
      if (page.length < options.limit || result.length >= options.limit) return result.slice(0, options.limit)
    }
  }

  counts(entity: string): Promise<LinkCounts> {
    return this.#real.counts(entity)
  }

  /** Linked or written by this plan; what was only seen anew of a linked record is left to those who write. */
  #isChange({ link, replaces }: LinkChange): boolean {
    if (this.#isWritten(link.id)) return true
    return link.linked && (replaces !== undefined || link.revision === 0)
  }

  #note(link: string, value: Planned) {
    return { id: `${this.#plan}|${link}`, value }
  }

  async #notes(ids: readonly string[]): Promise<Map<string, Planned>> {
    if (ids.length === 0) return new Map()
    const documents = await this.#documents.get(
      plannedLinkKind,
      ids.map((id) => `${this.#plan}|${id}`),
    )
    return new Map(documents.map(({ id, value }) => [id.slice(this.#plan.length + 1), value as Planned]))
  }

  async #asPlanned(links: readonly Link[]): Promise<Link[]> {
    const notes = await this.#notes(links.map(({ id }) => id))
    if (notes.size === 0) return [...links]
    const joined = [...notes.values()].flatMap((note) => ('into' in note ? [note.into] : []))
    for (const [id, note] of await this.#notes(joined.filter((id) => !notes.has(id)))) notes.set(id, note)
    const result = new Map<string, Link>()
    for (const link of links) {
      const own = notes.get(link.id)
      const note = own && 'into' in own ? notes.get(own.into) : own
      const now = note && 'link' in note ? note.link : link
      if (now !== link) this.#planned.add(now)
      result.set(now.id, now)
    }
    return [...result.values()]
  }

  /** Record of the other side → the link that has it, of this save or an earlier one. */
  async #takenBy(changes: readonly LinkChange[]): Promise<Map<string, string>> {
    const wanted = changes.flatMap(({ replaces }) => replaces ?? [])
    const taken = new Map<string, string>()
    for (const [id, note] of await this.#notes(wanted)) taken.set(id, 'into' in note ? note.into : id)
    for (const { link, replaces } of changes) {
      if (replaces !== undefined && !taken.has(replaces)) taken.set(replaces, link.id)
    }
    return taken
  }

  /** Nothing happened to the record: its story goes on as it was. */
  #withoutStory(link: Link): Link {
    const before = link.trail.filter(({ at, what }) => at < this.#startedAt || what === 'seen')
    return { ...link, trail: before }
  }
}
