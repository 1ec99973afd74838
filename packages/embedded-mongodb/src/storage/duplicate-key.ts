import { showValue } from '../bson/show-value.ts'
import { CommandError } from '../errors.ts'
import type { IndexDefinition } from './index-definition.ts'
import { keyPattern } from './index-definition.ts'

/** Error 11000, with the message and the `keyPattern`/`keyValue` fields that drivers read. */
export function duplicateKeyError(namespace: string, index: IndexDefinition, values: readonly unknown[]): CommandError {
  const keyValue = Object.fromEntries(
    index.fields.map((field, position) => [
      field.path,
      typeof values[position] === 'symbol' ? [] : (values[position] ?? null),
    ]),
  )
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: ${showValue(keyValue)}`,
    { keyPattern: keyPattern(index), keyValue },
  )
}
