import type { BsonDocument } from '../bson/codec.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { Query } from '../query/query.ts'
import { compileExpression, expressionCompiler } from '../aggregate/compile-expression.ts'
import { ExpressionCompilation } from '../aggregate/expression.ts'
import { isTrue } from '../storage/index-definition.ts'
import type { Store } from '../storage/store.ts'
import type { CursorRegistry } from './cursor-registry.ts'

/** What all commands of one server share. */
export interface ServerState {
  readonly store: Store
  readonly cursors: CursorRegistry
  readonly instanceId: string
  readonly startedAt: number
  readonly address: () => string
  readonly connectionCount: () => number
  /** Tells the TTL sweep that there may be something to do. */
  readonly onTtlIndex: () => void
}

/** One command as its handler sees it. */
export interface CommandContext {
  readonly server: ServerState
  readonly connectionId: number
  /** The command's own name, e.g. `find`. */
  readonly name: string
  readonly database: string
  readonly command: BsonDocument
  readonly sequences: ReadonlyMap<string, readonly Buffer[]>
}

/** Returns the reply without `ok`. */
export type CommandHandler = (context: CommandContext) => BsonDocument

/** The collection that the command's first field names. */
export function collectionName(context: CommandContext): string {
  const name = context.command[context.name]
  if (typeof name !== 'string') {
    throw new CommandError('InvalidNamespace', `collection name has invalid type ${typeof name}`)
  }
  if (name === '' || name.includes('\0'))
    throw new CommandError('InvalidNamespace', `Invalid namespace specified '${context.database}.${name}'`)
  return name
}

/** Parses a filter; `variables` are what its `$expr` may name as `$$name`. */
export function makeQuery(filter: unknown, variables: BsonDocument = noVariables): Query {
  const document = filter === undefined ? {} : asDocument(filter)
  if (!document) throw new CommandError('TypeMismatch', "BSON field 'filter' is the wrong type, expected type 'object'")
  return new Query(document, variables === noVariables ? compileExpression : expressionCompiler(variables))
}

const noVariables: BsonDocument = {}

/** The `let` of a command: constant expressions, evaluated once. */
export function letVariables(command: BsonDocument): BsonDocument {
  const document = documentOption(command, 'let')
  if (!document) return noVariables
  const expressions = new ExpressionCompilation()
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, expressions.compile(value)({}) ?? null]),
  )
}

/** A non-negative integer option, or the default when it is absent. */
export function countOption(command: BsonDocument, name: string, absent: number): number {
  const value = command[name]
  if (value === undefined || value === null) return absent
  if (!isNumeric(value))
    throw new CommandError('TypeMismatch', `BSON field '${name}' is the wrong type, expected a number`)
  const number = Math.trunc(toDouble(value))
  if (!(number >= 0))
    throw new CommandError('BadValue', `BSON field '${name}' value must be >= 0, actual value '${number}'`)
  return number
}

export function booleanOption(command: BsonDocument, name: string): boolean {
  return isTrue(command[name])
}

export function documentOption(command: BsonDocument, name: string): BsonDocument | undefined {
  const value = command[name]
  if (value === undefined || value === null) return undefined
  const document = asDocument(value)
  if (!document)
    throw new CommandError('TypeMismatch', `BSON field '${name}' is the wrong type, expected type 'object'`)
  return document
}

/** Only the simple collation exists here: another one would change which documents match. */
export function refuseCollation(collation: unknown): void {
  const document = asDocument(collation)
  if (document && document['locale'] !== 'simple') {
    throw new CommandError(
      'NotImplemented',
      'Collations other than { locale: "simple" } are not supported by the embedded database',
    )
  }
}
