import { type Link, type SystemId, codeKey } from '@amis-sync/core'
import { lastKnown } from './gather.ts'
import type { TenantContext } from './tenant-context.ts'

type Names = ReadonlyMap<string, readonly Link[]>

/**
 * Records of the registry by their names, for sides that refer to them by name only (contract §1.4 rule 3). Made when first needed, and
 * anew after a record of the entity changed.
 */
export class NameIndex {
  readonly #made = new Map<string, Promise<Names>>()

  /** The live records of that name at the side. */
  async find(context: TenantContext, entity: string, side: SystemId, name: string): Promise<readonly Link[]> {
    const key = `${entity}|${side}`
    const made = this.#made.get(key) ?? read(context, entity, side)
    this.#made.set(key, made)
    try {
      return (await made).get(codeKey(name)) ?? []
    } catch (error) {
      this.#made.delete(key)
      throw error
    }
  }

  /** A record of the entity changed. */
  forget(entity: string): void {
    for (const key of this.#made.keys()) if (key.startsWith(`${entity}|`)) this.#made.delete(key)
  }
}

async function read(context: TenantContext, entity: string, side: SystemId): Promise<Names> {
  const names = new Map<string, Link[]>()
  const view = context.views.get(entity)
  let after: string | undefined
  for (;;) {
    const links = await context.store.links.page(entity, { limit: 500, ...(after === undefined ? {} : { after }) })
    for (const link of links) {
      const at = link.sides[side]
      const { name } = view && at && !at.gone ? lastKnown(view, link, side) : {}
      if (typeof name !== 'string') continue
      const key = codeKey(name)
      names.set(key, [...(names.get(key) ?? []), link])
    }
    after = links.at(-1)?.id
    if (links.length < 500) return names
  }
}
