import type { TenantState, TenantStore } from '@amis-sync/core'
import type { Collection, Db } from 'mongodb'
import { fromJson } from './documents.ts'
import type { TenantStateDocument } from './documents.ts'
import { MongoCommandStore } from './mongo-command-store.ts'
import { MongoCursorStore } from './mongo-cursor-store.ts'
import { MongoDocumentStore } from './mongo-document-store.ts'
import { MongoInbox } from './mongo-inbox.ts'
import { MongoJournal } from './mongo-journal.ts'
import { MongoLinkStore } from './mongo-link-store.ts'
import { MongoRunStore } from './mongo-run-store.ts'
import { MongoWorkStore } from './mongo-work-store.ts'
import { TenantCollection } from './tenant-collection.ts'
import type { StoredDocument } from './tenant-collection.ts'

/** Everything of one tenant. Its parts get collections that can see this tenant only. */
export class MongoTenantStore implements TenantStore {
  readonly tenant: string
  readonly links: MongoLinkStore
  readonly work: MongoWorkStore
  readonly journal: MongoJournal
  readonly cursors: MongoCursorStore
  readonly inbox: MongoInbox
  readonly runs: MongoRunStore
  readonly commands: MongoCommandStore
  readonly documents: MongoDocumentStore
  readonly #states: TenantCollection<TenantStateDocument>

  constructor(db: Db, tenant: string) {
    const collection = (name: string): Collection<StoredDocument> => db.collection<StoredDocument>(name)
    this.tenant = tenant
    this.links = new MongoLinkStore(new TenantCollection(collection('links'), tenant))
    this.work = new MongoWorkStore(new TenantCollection(collection('work'), tenant))
    this.journal = new MongoJournal(new TenantCollection(collection('journal'), tenant))
    this.cursors = new MongoCursorStore(new TenantCollection(collection('cursors'), tenant))
    this.inbox = new MongoInbox(new TenantCollection(collection('inbox'), tenant))
    this.runs = new MongoRunStore(new TenantCollection(collection('runs'), tenant))
    this.commands = new MongoCommandStore(new TenantCollection(collection('commands'), tenant))
    this.documents = new MongoDocumentStore(new TenantCollection(collection('documents'), tenant))
    this.#states = new TenantCollection(collection('tenants'), tenant)
  }

  async state(): Promise<TenantState | undefined> {
    return fromJson((await this.#states.readOne('state'))?.state) as TenantState | undefined
  }

  async saveState(state: TenantState): Promise<void> {
    const { phase, updatedAt } = state
    const body = { phase, updatedAt, state: JSON.stringify(state) }
    await this.#states.bulk([this.#states.replace('state', {}, body, { upsert: true })])
  }
}
