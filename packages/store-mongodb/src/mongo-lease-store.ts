import type { Lease, LeaseStore } from '@amis-sync/core'
import type { Collection, Db } from 'mongodb'
import type { LeaseDocument } from './documents.ts'
import { isDuplicateKey, toDatabaseError, translated } from './mongo-errors.ts'

/** Leases, one document for each tenant. */
export class MongoLeaseStore implements LeaseStore {
  readonly #db: Db
  readonly #leases: Collection<LeaseDocument>

  constructor(db: Db) {
    this.#db = db
    this.#leases = db.collection<LeaseDocument>('leases')
  }

  async acquire(tenant: string, holder: string, ttlMs: number, now: number): Promise<Lease | undefined> {
    const sameHolder = { $eq: ['$holder', { $literal: holder }] }
    const nextEpoch = { $add: [{ $ifNull: ['$epoch', 0] }, 1] }
    const change = {
      epoch: { $cond: [sameHolder, '$epoch', nextEpoch] },
      holder: { $literal: holder },
      expiresAt: now + ttlMs,
    }
    try {
      // A lease that somebody else holds does not match; the upsert then meets its id.
      const lease = await this.#leases.findOneAndUpdate(
        { _id: tenant, $or: [{ holder }, { expiresAt: { $lte: now } }] },
        [{ $set: change }],
        { upsert: true, returnDocument: 'after' },
      )
      return lease === null ? undefined : toLease(lease)
    } catch (error) {
      if (isDuplicateKey(error)) return undefined
      throw toDatabaseError(error)
    }
  }

  async renew(
    tenants: readonly { readonly tenant: string; readonly epoch: number }[],
    holder: string,
    ttlMs: number,
    now: number,
  ): Promise<string[]> {
    if (tenants.length === 0) return []
    const expiresAt = now + ttlMs
    const operations = tenants.map(({ tenant, epoch }) => ({
      updateOne: { filter: { _id: tenant, holder, epoch }, update: { $set: { expiresAt } } },
    }))
    const { matchedCount } = await translated(this.#leases.bulkWrite(operations, { ordered: false }))
    if (matchedCount === tenants.length) return tenants.map(({ tenant }) => tenant)
    const ids = tenants.map(({ tenant }) => tenant)
    const ours = await translated(this.#leases.find({ _id: { $in: ids }, holder, expiresAt }).toArray())
    const epochs = new Map(ours.map(({ _id, epoch }) => [_id, epoch]))
    return tenants.filter(({ tenant, epoch }) => epochs.get(tenant) === epoch).map(({ tenant }) => tenant)
  }

  async release(tenant: string, holder: string): Promise<void> {
    await translated(this.#leases.updateOne({ _id: tenant, holder }, { $set: { holder: '', expiresAt: 0 } }))
  }

  async all(): Promise<Lease[]> {
    const held = await translated(this.#leases.find({ holder: { $ne: '' } }, { sort: { _id: 1 } }).toArray())
    return held.map(toLease)
  }

  async serverTime(): Promise<number> {
    const { localTime } = await translated(this.#db.command({ hello: 1 }))
    return (localTime as Date).getTime()
  }
}

function toLease({ _id, holder, epoch, expiresAt }: LeaseDocument): Lease {
  return { tenant: _id, holder, epoch, expiresAt }
}
