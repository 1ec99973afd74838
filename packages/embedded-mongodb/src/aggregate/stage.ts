import type { BsonDocument } from '../bson/codec.ts'
import type { ExpressionCompilation } from './expression.ts'

/** Documents flow through a stage one by one; a stage that must see all of them collects them itself. */
export type Stage = (input: Iterable<BsonDocument>) => Iterable<BsonDocument>

/** What stages may reach besides their input. */
export interface StageEnvironment {
  readonly expressions: ExpressionCompilation
  /** Documents of another collection of the same database that match a filter, by index when there is one. */
  readonly find: (collection: string, filter: BsonDocument) => Iterable<BsonDocument>
  /** Compiles an inner pipeline, for `$facet`, `$lookup` and `$unionWith`; variables are added to the outer ones. */
  readonly compile: (pipeline: unknown, variables?: BsonDocument) => Stage
}

export type StageCompiler = (operand: unknown, environment: StageEnvironment) => Stage

/** Applies a function to each document; `undefined` drops it. */
export function mapStage(transform: (document: BsonDocument) => BsonDocument | undefined): Stage {
  return function* (input) {
    for (const document of input) {
      const result = transform(document)
      if (result) yield result
    }
  }
}
