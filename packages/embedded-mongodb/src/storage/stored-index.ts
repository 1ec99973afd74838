import type { BsonDocument } from '../bson/codec.ts'
import { Query } from '../query/query.ts'
import { CommandError } from '../errors.ts'
import type { IndexDefinition } from './index-definition.ts'
import { idIndex } from './index-definition.ts'
import type { DocumentKeys } from './index-keys.ts'
import { indexKeys } from './index-keys.ts'

/** An index of one collection: its definition, its table, and whether arrays have entered it. */
export class StoredIndex {
  readonly definition: IndexDefinition
  /** Row id in the catalog; 0 for the `_id` index, whose keys live in the collection's own table. */
  readonly id: number
  readonly table: string
  readonly partial: Query | undefined
  multikey: boolean

  constructor(definition: IndexDefinition, id: number, table: string, multikey: boolean) {
    this.definition = definition
    this.id = id
    this.table = table
    this.multikey = multikey
    this.partial = definition.partialFilter ? new Query(definition.partialFilter, refuseExpression) : undefined
  }

  get isIdIndex(): boolean {
    return this.definition.name === idIndex.name
  }

  keysOf(document: BsonDocument): DocumentKeys {
    if (this.partial && !this.partial.matches(document)) return { keys: [], values: [], multikey: false }
    return indexKeys(this.definition, document)
  }

  /** Top-level fields that decide the keys of a document. */
  rootFields(): string[] {
    const paths = this.definition.fields.map((field) => field.parts[0]!)
    return [...paths, ...(this.partial?.rootFields ?? [])]
  }
}

function refuseExpression(): never {
  throw new CommandError('CannotCreateIndex', '$expr is not supported in partialFilterExpression')
}
