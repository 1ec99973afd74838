import type { Db, IndexDescription } from 'mongodb'

const sevenDays = 7 * 24 * 60 * 60

/**
 * All indexes, by collection. Each starts with the tenant, except those by which the server removes old documents (one field by the
 * server's own rule). A changed index needs a new name and a migration that drops the old one.
 */
export const indexes: Readonly<Record<string, readonly IndexDescription[]>> = {
  links: [
    { name: 'record', key: { tenant: 1, entity: 1, refs: 1 }, unique: true },
    { name: 'key', key: { tenant: 1, entity: 1, keys: 1 } },
    { name: 'match', key: { tenant: 1, entity: 1, match: 1 }, partialFilterExpression: { linked: false } },
    { name: 'page', key: { tenant: 1, entity: 1, _id: 1 } },
    { name: 'only', key: { tenant: 1, entity: 1, only: 1, _id: 1 } },
  ],
  work: [
    {
      name: 'due',
      key: { tenant: 1, entity: 1, notBefore: 1, _id: 1 },
      partialFilterExpression: { notBefore: { $exists: true } },
    },
    { name: 'retry', key: { tenant: 1, notBefore: 1 }, partialFilterExpression: { state: 'failed' } },
    { name: 'wake', key: { tenant: 1, waitingFor: 1 }, partialFilterExpression: { state: 'waiting' } },
    { name: 'desk', key: { tenant: 1, state: 1, _id: 1 }, partialFilterExpression: { failure: { $exists: true } } },
  ],
  journal: [
    { name: 'open', key: { tenant: 1, at: 1, _id: 1 } },
    { name: 'target', key: { tenant: 1, system: 1, target: 1 } },
  ],
  inbox: [
    { name: 'pending', key: { tenant: 1, receivedAt: 1, _id: 1 }, partialFilterExpression: { pending: true } },
    { name: 'forget', key: { handledAt: 1 }, expireAfterSeconds: sevenDays },
  ],
  runs: [{ name: 'step', key: { tenant: 1, step: 1 } }],
  commands: [
    { name: 'pending', key: { tenant: 1, createdAt: 1, _id: 1 }, partialFilterExpression: { state: 'pending' } },
    { name: 'forget', key: { finishedAt: 1 }, expireAfterSeconds: sevenDays },
  ],
}

/** Creates what is missing. */
export async function createIndexes(db: Db): Promise<void> {
  await Promise.all(Object.entries(indexes).map(([name, list]) => db.collection(name).createIndexes([...list])))
}
