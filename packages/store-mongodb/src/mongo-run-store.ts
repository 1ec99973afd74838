import type { Run, RunStore } from '@amis-sync/core'
import { fromJson } from './documents.ts'
import type { RunDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

/** Steps of the first sync, one document each. */
export class MongoRunStore implements RunStore {
  readonly #runs: TenantCollection<RunDocument>

  constructor(runs: TenantCollection<RunDocument>) {
    this.#runs = runs
  }

  async get(step: number): Promise<Run | undefined> {
    return fromJson((await this.#runs.readOne(String(step)))?.run) as Run | undefined
  }

  async save(run: Run): Promise<void> {
    const { step, state } = run
    const body = { step, state, run: JSON.stringify(run) }
    await this.#runs.bulk([this.#runs.replace(String(step), {}, body, { upsert: true })])
  }

  async all(): Promise<Run[]> {
    const documents = await this.#runs.read({}, { sort: { step: 1 } })
    return documents.map(({ run }) => JSON.parse(run) as Run)
  }
}
