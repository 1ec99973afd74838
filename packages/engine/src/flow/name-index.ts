import { type Link, codeKey } from '@amis-sync/core'

/** Records of an entity at one side by `codeKey` of their names. */
export type Names = ReadonlyMap<string, readonly Link[]>

/** Keeps the records of the registry by their names: made when first needed, and anew after a record of the entity changed. */
export class NameIndex {
  readonly #made = new Map<string, Promise<Names>>()

  /** The records of that name; `key` is `entity|side`. */
  async find(key: string, name: string, make: () => Promise<Names>): Promise<readonly Link[]> {
    const made = this.#made.get(key) ?? make()
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
