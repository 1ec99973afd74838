import type { DocumentStore, StoredValue } from '@amis-sync/core'
import { byText, copy } from './copy.ts'

export class MemoryDocumentStore implements DocumentStore {
  readonly #kinds = new Map<string, Map<string, unknown>>()

  async put(kind: string, documents: readonly StoredValue[]): Promise<void> {
    const all = this.#of(kind)
    for (const { id, value } of documents) all.set(id, copy(value))
    this.#kinds.set(kind, all)
  }

  async get(kind: string, ids: readonly string[]): Promise<StoredValue[]> {
    const all = this.#of(kind)
    return [...new Set(ids)].filter((id) => all.has(id)).map((id) => ({ id, value: copy(all.get(id)) }))
  }

  async page(
    kind: string,
    { prefix = '', after, limit }: { readonly prefix?: string; readonly after?: string; readonly limit: number },
  ): Promise<StoredValue[]> {
    return this.#ids(kind, prefix)
      .filter((id) => after === undefined || byText(id, after) > 0)
      .slice(0, limit)
      .map((id) => ({ id, value: copy(this.#of(kind).get(id)) }))
  }

  async count(kind: string, prefix = ''): Promise<number> {
    return this.#ids(kind, prefix).length
  }

  async remove(kind: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#of(kind).delete(id)
  }

  async clear(kind: string, prefix = ''): Promise<void> {
    await this.remove(kind, this.#ids(kind, prefix))
  }

  #of(kind: string): Map<string, unknown> {
    return this.#kinds.get(kind) ?? new Map<string, unknown>()
  }

  #ids(kind: string, prefix: string): string[] {
    return [...this.#of(kind).keys()].filter((id) => id.startsWith(prefix)).sort(byText)
  }
}
