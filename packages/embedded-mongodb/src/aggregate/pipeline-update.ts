import type { BsonDocument } from '../bson/codec.ts'
import { CommandError } from '../errors.ts'
import { compilePipeline, parseStages } from './pipeline.ts'

const allowedStages = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])

/** Compiles a pipeline-style update; `variables` come from the command's `let` or `c` field. */
export function compilePipelineUpdate(
  pipeline: unknown,
  variables: BsonDocument = {},
): (document: BsonDocument) => BsonDocument {
  for (const [name] of parseStages(pipeline)) {
    if (!allowedStages.has(name))
      throw new CommandError('InvalidOptions', `${name} is not allowed to be used within an update`)
  }
  const run = compilePipeline(pipeline, () => [], variables)
  return (document) => {
    const [result] = [...run([document])]
    return result ?? document
  }
}
