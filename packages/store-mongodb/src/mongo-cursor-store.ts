import type { CursorStore } from '@amis-sync/core'
import type { CursorDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

/** Where each stream stands, one document each. */
export class MongoCursorStore implements CursorStore {
  readonly #cursors: TenantCollection<CursorDocument>

  constructor(cursors: TenantCollection<CursorDocument>) {
    this.#cursors = cursors
  }

  async get(stream: string): Promise<string | undefined> {
    return (await this.#cursors.readOne(stream))?.value
  }

  async set(stream: string, value: string): Promise<void> {
    await this.#cursors.bulk([this.#cursors.replace(stream, {}, { value }, { upsert: true })])
  }
}
