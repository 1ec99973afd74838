import type { DocumentStore, StoredValue } from '@amis-sync/core'
import type { KeptDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

/** The id of a document is `kind|id`: the kinds stand side by side in one collection. */
export class MongoDocumentStore implements DocumentStore {
  readonly #documents: TenantCollection<KeptDocument>

  constructor(documents: TenantCollection<KeptDocument>) {
    this.#documents = documents
  }

  async put(kind: string, documents: readonly StoredValue[]): Promise<void> {
    if (documents.length === 0) return
    const operations = documents.map(({ id, value }) =>
      this.#documents.replace(`${kind}|${id}`, {}, { value: JSON.stringify(value) }, { upsert: true }),
    )
    await this.#documents.bulk(operations)
  }

  async get(kind: string, ids: readonly string[]): Promise<StoredValue[]> {
    return this.#values(kind, await this.#documents.readByIds([...new Set(ids)].map((id) => `${kind}|${id}`)))
  }

  async page(
    kind: string,
    { prefix = '', after, limit }: { readonly prefix?: string; readonly after?: string; readonly limit: number },
  ): Promise<StoredValue[]> {
    const options = {
      limit,
      idPrefix: `${kind}|${prefix}`,
      ...(after === undefined ? {} : { after: `${kind}|${after}` }),
    }
    return this.#values(kind, await this.#documents.page({}, options))
  }

  count(kind: string, prefix = ''): Promise<number> {
    return this.#documents.count(this.#documents.range(`${kind}|${prefix}`))
  }

  async remove(kind: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#documents.bulk(ids.map((id) => this.#documents.remove(`${kind}|${id}`)))
  }

  async clear(kind: string, prefix = ''): Promise<void> {
    await this.#documents.removeMany(this.#documents.range(`${kind}|${prefix}`))
  }

  #values(kind: string, documents: readonly KeptDocument[]): StoredValue[] {
    return documents.map((document) => ({
      id: this.#documents.idOf(document).slice(kind.length + 1),
      value: JSON.parse(document.value) as unknown,
    }))
  }
}
