import type { Command, CommandStore } from '@amis-sync/core'
import { compact, fromJson, toJson } from './documents.ts'
import type { CommandDocument } from './documents.ts'
import type { TenantCollection } from './tenant-collection.ts'

/** Requests to the runner, one document each. The server removes finished ones after 7 days. */
export class MongoCommandStore implements CommandStore {
  readonly #commands: TenantCollection<CommandDocument>

  constructor(commands: TenantCollection<CommandDocument>) {
    this.#commands = commands
  }

  /** An id that is there already is left as it is: asking twice is asking once. */
  async add({ id, kind, data, createdAt }: Parameters<CommandStore['add']>[0]): Promise<void> {
    await this.#commands.insertNew(id, { kind, data: JSON.stringify(data), state: 'pending', createdAt })
  }

  async pending(): Promise<Command[]> {
    const documents = await this.#commands.read({ state: 'pending' }, { sort: { createdAt: 1, _id: 1 } })
    return documents.map((document) => this.#toCommand(document))
  }

  async update(id: string, { state, result, failure }: Parameters<CommandStore['update']>[1]): Promise<void> {
    const finishedAt = state === 'done' || state === 'failed' ? new Date() : undefined
    const $set = compact({ state, failure, result: toJson(result), finishedAt })
    if (Object.keys($set).length > 0)
      await this.#commands.bulk([this.#commands.update(id, {}, { $set }, { upsert: false })])
  }

  async get(id: string): Promise<Command | undefined> {
    const document = await this.#commands.readOne(id)
    return document && this.#toCommand(document)
  }

  #toCommand(document: CommandDocument): Command {
    const { kind, state, failure, createdAt } = document
    const texts = { data: fromJson(document.data), result: fromJson(document.result) }
    return compact({ id: this.#commands.idOf(document), kind, state, failure, createdAt, ...texts } as Command)
  }
}
