import type { Inbox, InboxEntry } from '@amis-sync/core'
import { fromJson } from './documents.ts'
import type { InboxDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

/** Deliveries, one document each. Handled ones keep their id only; the server removes them after 7 days. */
export class MongoInbox implements Inbox {
  readonly #inbox: TenantCollection<InboxDocument>

  constructor(inbox: TenantCollection<InboxDocument>) {
    this.#inbox = inbox
  }

  async accept(entry: InboxEntry): Promise<'new' | 'seen'> {
    const { id, system, receivedAt } = entry
    const body = { system, receivedAt, pending: true, entry: JSON.stringify(entry) } as const
    return (await this.#inbox.insertNew(id, body)) ? 'new' : 'seen'
  }

  async pending(limit: number): Promise<InboxEntry[]> {
    const documents = await this.#inbox.read({ pending: true }, { sort: { receivedAt: 1, _id: 1 }, limit })
    return documents.flatMap(({ entry }) => (fromJson(entry) as InboxEntry | undefined) ?? [])
  }

  async done(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const emptied = { pending: '', entry: '' } as const
    await this.#inbox.updateMany(this.#inbox.ids(ids), { $set: { handledAt: new Date() }, $unset: emptied })
  }
}
