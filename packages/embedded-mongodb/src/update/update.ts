import { ObjectId } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { decode, encode } from '../bson/codec.ts'
import { valuesEqual } from '../bson/compare.ts'
import { withIdFirst } from '../bson/raw-document.ts'
import { asDocument } from '../bson/value-rank.ts'
import { compilePipelineUpdate } from '../aggregate/pipeline-update.ts'
import { CommandError } from '../errors.ts'
import type { FilterNode } from '../query/filter-tree.ts'
import { ArrayFilters } from './array-filters.ts'
import { compileOperatorUpdate } from './operator-update.ts'
import { seedForUpsert } from './upsert-seed.ts'

export type UpdateKind = 'operators' | 'replacement' | 'pipeline'

type Apply = (document: BsonDocument, query: FilterNode, isInsert: boolean) => BsonDocument

/** A parsed update: operators, a whole document, or an aggregation pipeline. */
export class Update {
  readonly kind: UpdateKind
  private readonly transform: Apply

  constructor(update: unknown, arrayFilters?: unknown, variables?: BsonDocument) {
    const filters = new ArrayFilters(arrayFilters)
    if (Array.isArray(update)) {
      if (arrayFilters)
        throw new CommandError('FailedToParse', 'arrayFilters may not be specified for pipeline-style updates')
      const run = compilePipelineUpdate(update, variables)
      this.kind = 'pipeline'
      this.transform = run
      return
    }
    const document = asDocument(update)
    if (!document) throw new CommandError('FailedToParse', 'Update argument must be either an object or an array')
    if (Object.keys(document)[0]?.startsWith('$')) {
      const apply = compileOperatorUpdate(document, filters)
      this.kind = 'operators'
      this.transform = (target, query, isInsert) => {
        apply(target, { query, isInsert })
        return target
      }
    } else {
      if (arrayFilters)
        throw new CommandError('FailedToParse', 'arrayFilters may not be specified for replacement-style updates')
      assertReplacement(document)
      this.kind = 'replacement'
      this.transform = (target) => (target['_id'] === undefined ? document : { _id: target['_id'], ...document })
    }
  }

  /** The encoded document after the update; the same object when nothing changes. */
  apply(raw: Buffer, query: FilterNode): Buffer {
    const before = decode(raw)
    const id = before['_id']
    const after = this.transform(before, query, false)
    if (after['_id'] !== undefined && !valuesEqual(after['_id'], id)) throw immutableId()
    // An equal _id of another numeric type does not change the stored one.
    const encoded = withIdFirst(encode({ ...after, _id: id }), newIdElement)
    return encoded.equals(raw) ? raw : encoded
  }

  /** The encoded document that an upsert inserts: equality conditions of the filter, then the update. */
  createForUpsert(query: FilterNode): Buffer {
    const seed = seedForUpsert(query, this.kind === 'replacement')
    const id = seed['_id']
    const result = this.transform(seed, query, true)
    if (id !== undefined && !valuesEqual(result['_id'], id)) throw immutableId()
    return withIdFirst(encode(result), newIdElement)
  }
}

function assertReplacement(document: BsonDocument): void {
  const operator = Object.keys(document).find((name) => name.startsWith('$'))
  if (operator) {
    throw new CommandError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${operator}' in '${operator}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    )
  }
}

function immutableId(): CommandError {
  return new CommandError(
    'ImmutableField',
    "Performing an update on the path '_id' would modify the immutable field '_id'",
  )
}

/** The encoded `_id` element for a document that came without one. */
export function newIdElement(): Buffer {
  const document = encode({ _id: new ObjectId() })
  return document.subarray(4, document.length - 1)
}
