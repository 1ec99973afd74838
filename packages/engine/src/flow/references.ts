import {
  type Canonical,
  type Link,
  type LinkSide,
  type Reference,
  type SystemId,
  type WorkHint,
  codeKey,
  mapValuesAt,
  nameIn,
  valuesAt,
  waitKey,
} from '@amis-sync/core'
import { deterministicId } from '../pure/deterministic-id.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import { recordsNamed } from './named-records.ts'
import { isOn } from './offers.ts'
import type { TenantContext } from './tenant-context.ts'

/** How an id that the registry does not know yet stands in a canonical record, where otherwise a code stands. */
const unknownId = '#'

/** A record that another one needs and the target does not have. */
export interface Missing {
  readonly reference: Reference
  /** For people: entity and code. */
  readonly label: string
  readonly key: string
  readonly hint: WorkHint
  /** It is given by name only, and so many records have that name. */
  readonly byName?: { readonly name: string; readonly count: number }
}

export interface Translated {
  readonly record: Canonical
  readonly missing: readonly Missing[]
  /** Linked records to bring up to date first (CG3). */
  readonly outdated: readonly Missing[]
  /** Keys of what was left out and is named later, when it is there (`Reference.joins`). */
  readonly lacking: readonly string[]
}

const spelling = (reference: Reference, side: SystemId) => reference.spelled?.[side] ?? 'key'
const keySide = (reference: Reference, side: SystemId) => reference.via?.[side] ?? side

/** Resolves references of one batch of records: loads what they name with one query per entity, then answers from memory. */
export class References {
  readonly #context: TenantContext
  readonly #view: PluginView
  readonly #links = new Map<string, Link | undefined>()
  readonly #names = new Map<string, readonly Link[]>()

  constructor(context: TenantContext, view: PluginView) {
    this.#context = context
    this.#view = view
  }

  /** Loads what these records of `side` refer to. */
  async load(side: SystemId, records: readonly Canonical[]): Promise<void> {
    for (const reference of this.#known()) {
      const values = [...new Set(records.flatMap((record) => valuesAt(record, reference.path)))]
      const ids = new Set<string>()
      const keys = new Set<string>()
      for (const value of values) {
        const name = nameIn(value)
        if (name !== undefined) await this.#loadName(reference, side, name)
        else if (value.startsWith(unknownId)) ids.add(value.slice(1))
        else if (spelling(reference, side) === 'id') ids.add(value)
        else keys.add(value)
      }
      await this.#loadKeys(reference, side, [...keys])
      await this.#loadIds(reference, side, [...ids])
      // Codes of the first side stand in what is known of a record, too.
      const [first] = this.#view.plugin.sides
      await this.#loadKeys(
        reference,
        first,
        [...keys].filter((key) => side !== first && !this.#find(reference, side, key)),
      )
    }
  }

  /**
   * Ids become codes, and codes those of the first side: what is linked is the same record, though its codes may differ for a while.
   * Ids that are not known yet are marked.
   */
  toCanonical(side: SystemId, record: Canonical): Canonical {
    let result = record
    for (const reference of this.#view.plugin.references) {
      const byId = spelling(reference, side) === 'id'
      if (!byId && !isOn(this.#context, reference.entity)) continue
      result = mapValuesAt(result, reference.path, (value) => {
        const text = byId ? `${unknownId}${value}` : (this.#codeOf(reference, side, value) ?? value)
        const link = this.#find(reference, side, text)
        return (
          this.#commonKey(reference, link) ?? (byId ? link?.sides[keySide(reference, side)]?.key : undefined) ?? text
        )
      })
    }
    return result
  }

  /** The code at the first side, of a linked record. */
  #commonKey(reference: Reference, link: Link | undefined): string | undefined {
    return link?.linked ? link.sides[keySide(reference, this.#view.plugin.sides[0])]?.key : undefined
  }

  /** The record that a canonical value of this side names. */
  #named(reference: Reference, side: SystemId, value: string): Link | undefined {
    const common = this.#find(reference, this.#view.plugin.sides[0], value)
    return common?.linked ? common : this.#find(reference, side, value)
  }

  /** Codes become what the target wants; says what is missing there. */
  toTarget(from: SystemId, to: SystemId, record: Canonical, creating: boolean): Translated {
    let result = record
    const missing: Missing[] = []
    const outdated: Missing[] = []
    const lacking = new Set<string>()
    for (const reference of this.#view.plugin.references) {
      const loaded = isOn(this.#context, reference.entity)
      if (!loaded && reference.missing !== 'omit') continue
      result = mapValuesAt(result, reference.path, (value) => {
        const link = loaded ? this.#named(reference, from, value) : undefined
        const there = link?.sides[keySide(reference, to)]
        const name = nameIn(value)
        if (name !== undefined) {
          if (reference.missing === 'omit') return undefined
          const count = this.#withName(reference, from, name)?.length ?? 0
          missing.push({ ...this.#missing(reference, from, name, undefined), byName: { name, count } })
          return value
        }
        if (!link || !there || there.gone || !link.linked) {
          if (reference.joins && loaded) lacking.add(this.#missing(reference, from, value, link).key)
          if (reference.missing === 'omit') return undefined
          missing.push(this.#missing(reference, from, value, link))
          return value
        }
        if (creating && reference.refresh && isOutdated(link, link.sides[keySide(reference, from)])) {
          outdated.push(this.#missing(reference, from, value, link))
        }
        return spelling(reference, to) === 'id' ? there.id : (there.key ?? value)
      })
    }
    return { record: result, missing, outdated, lacking: [...lacking] }
  }

  #known(): Reference[] {
    return this.#view.plugin.references.filter((reference) => isOn(this.#context, reference.entity))
  }

  #cacheKey(reference: Reference, side: SystemId, value: string): string {
    const by = value.startsWith(unknownId) ? value : codeKey(value)
    return `${reference.entity}|${keySide(reference, side)}|${by}`
  }

  #find(reference: Reference, side: SystemId, value: string): Link | undefined {
    return this.#links.get(this.#cacheKey(reference, side, value))
  }

  /** Records that a side knows by this name. */
  #withName(reference: Reference, side: SystemId, name: string): readonly Link[] | undefined {
    return this.#names.get(this.#cacheKey(reference, side, name))
  }

  /** The code of the one record of that name; `undefined` = none, several, or a code already. */
  #codeOf(reference: Reference, side: SystemId, value: string): string | undefined {
    const name = nameIn(value)
    const found = name === undefined ? [] : (this.#withName(reference, side, name) ?? [])
    return found.length === 1 ? found[0]!.sides[keySide(reference, side)]?.key : undefined
  }

  async #loadName(reference: Reference, side: SystemId, name: string): Promise<void> {
    const key = this.#cacheKey(reference, side, name)
    if (this.#names.has(key)) return
    const found = await recordsNamed(this.#context, reference.entity, keySide(reference, side), name)
    this.#names.set(key, found)
    for (const link of found) this.#remember(reference, side, link)
  }

  async #loadKeys(reference: Reference, side: SystemId, keys: readonly string[]): Promise<void> {
    const wanted = keys.filter((key) => !this.#links.has(this.#cacheKey(reference, side, key)))
    if (wanted.length === 0) return
    for (const key of wanted) this.#links.set(this.#cacheKey(reference, side, key), undefined)
    const at = keySide(reference, side)
    for (const link of await this.#context.store.links.findByKey(reference.entity, at, wanted)) {
      this.#remember(reference, side, link)
    }
  }

  #remember(reference: Reference, side: SystemId, link: Link): void {
    for (const one of new Set([side, this.#view.plugin.sides[0]])) {
      const key = link.sides[keySide(reference, one)]?.key
      if (key === undefined) continue
      const cacheKey = this.#cacheKey(reference, one, key)
      if (link.linked || !this.#links.get(cacheKey)) this.#links.set(cacheKey, link)
    }
  }

  async #loadIds(reference: Reference, side: SystemId, ids: readonly string[]): Promise<void> {
    const wanted = ids.filter((id) => !this.#links.has(this.#cacheKey(reference, side, `${unknownId}${id}`)))
    if (wanted.length === 0) return
    const at = keySide(reference, side)
    const resources = this.#context.views.get(reference.entity)!.plugin.wire[at]?.resources ?? []
    const names = [...new Set(resources.map((one) => one.resource))]
    const records = wanted.flatMap((id) => names.map((resource) => ({ resource, id })))
    for (const id of wanted) this.#links.set(this.#cacheKey(reference, side, `${unknownId}${id}`), undefined)
    for (const link of await this.#context.store.links.findByRecord(reference.entity, at, records)) {
      const id = link.sides[at]!.id
      this.#links.set(this.#cacheKey(reference, side, `${unknownId}${id}`), link)
      this.#remember(reference, side, link)
    }
  }

  #missing(reference: Reference, from: SystemId, value: string, link: Link | undefined): Missing {
    const side = keySide(reference, from)
    const wire = this.#context.views.get(reference.entity)!.plugin.wire[side]
    const resource = wire?.resources[0]?.resource ?? reference.entity
    const known = link?.sides[side]
    const label = `${reference.entity} ${known?.key ?? value}`
    const base = { entity: reference.entity, side, pulledBy: [this.#view.plugin.id] }
    if (known) {
      const hint = { ...base, resource: known.resource, recordId: known.id }
      return { reference, label, key: waitKey(reference.entity, side, known), hint }
    }
    if (value.startsWith(unknownId)) {
      const id = value.slice(1)
      const key = waitKey(reference.entity, side, { resource, id })
      return { reference, label, key, hint: { ...base, resource, recordId: id } }
    }
    const key = waitKey(reference.entity, side, { key: codeKey(value) })
    return { reference, label, key, hint: { ...base, resource, recordKey: value } }
  }
}

/** The side shows something that the other side was never told. */
function isOutdated(link: Link, side: LinkSide | undefined): boolean {
  return link.linked && side?.known !== undefined && Object.keys(side.known).length > 0
}

/** Texts that stand on the wire as guids made from them (`lines[].key`), there and back. */
export function derivedId(context: TenantContext, entity: string, text: string): string {
  return deterministicId(context.settings.tenant, entity, 'part', text)
}

export function toDerivedIds(
  context: TenantContext,
  entity: string,
  paths: readonly string[],
  record: Canonical,
): Canonical {
  return paths.reduce((result, path) => mapValuesAt(result, path, (text) => derivedId(context, entity, text)), record)
}

/** Guids that are none of ours (lines that a person added) are kept as they are. */
export function fromDerivedIds(
  context: TenantContext,
  entity: string,
  paths: readonly string[],
  record: Canonical,
  known: Canonical,
): Canonical {
  return paths.reduce((result, path) => {
    const texts = new Map(valuesAt(known, path).map((text) => [derivedId(context, entity, text), text]))
    return mapValuesAt(result, path, (id) => texts.get(id) ?? id)
  }, record)
}

/** All the keys by which something may wait for this link. */
export function wakeKeys(link: Link): string[] {
  const keys: string[] = [`link|${link.id}`]
  for (const [side, at] of Object.entries(link.sides)) {
    if (!at) continue
    keys.push(waitKey(link.entity, side, at))
    if (at.key !== undefined) keys.push(waitKey(link.entity, side, { key: codeKey(at.key) }))
  }
  return keys
}
