import type { AttentionStore } from '@amis-sync/core'
import type { Db, Document } from 'mongodb'
import { translated } from './mongo-errors.ts'

/** Looks at all tenants of a runner at once: two commands, however many there are. */
export class MongoAttentionStore implements AttentionStore {
  readonly #db: Db

  constructor(db: Db) {
    this.#db = db
  }

  async tenantsWithNews(tenants: readonly string[]): Promise<string[]> {
    if (tenants.length === 0) return []
    const found = await Promise.all([
      this.#tenantsIn('inbox', tenants, { pending: true }),
      this.#tenantsIn('commands', tenants, { state: 'pending' }),
    ])
    return [...new Set(found.flat())].sort()
  }

  async #tenantsIn(collection: string, tenants: readonly string[], filter: Document): Promise<string[]> {
    const stages = [{ $match: { tenant: { $in: [...tenants] }, ...filter } }, { $group: { _id: '$tenant' } }]
    const options = { batchSize: tenants.length + 1 }
    const groups = await translated(this.#db.collection(collection).aggregate(stages, options).toArray())
    return groups.map((group) => String(group['_id']))
  }
}
