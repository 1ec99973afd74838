import { asDocument } from '../bson/value-rank.ts'
import { CommandError } from '../errors.ts'
import { compileExpression } from '../aggregate/compile-expression.ts'
import { Query } from '../query/query.ts'

type ItemTest = (item: unknown) => boolean

/** The `arrayFilters` of an update: one test per identifier. */
export class ArrayFilters {
  private readonly tests = new Map<string, ItemTest>()
  private readonly used = new Set<string>()

  constructor(filters: unknown) {
    if (filters === undefined || filters === null) return
    if (!Array.isArray(filters))
      throw new CommandError('TypeMismatch', "BSON field 'arrayFilters' is the wrong type, expected type 'array'")
    for (const filter of filters) this.add(filter)
  }

  private add(filter: unknown): void {
    const document = asDocument(filter)
    const identifier = document && identifierOf(document)
    if (!document || !identifier)
      throw new CommandError('FailedToParse', 'Cannot use an expression without a top-level field name in arrayFilters')
    if (!/^[a-z][a-zA-Z0-9]*$/.test(identifier)) {
      throw new CommandError(
        'BadValue',
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
      )
    }
    if (this.tests.has(identifier))
      throw new CommandError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${identifier}`,
      )
    const query = new Query(document, compileExpression)
    this.tests.set(identifier, (item) => query.matches({ [identifier]: item }))
  }

  /** The test of `$[name]`; `$[]` accepts every item. */
  test(identifier: string): ItemTest {
    return identifier === '' ? () => true : this.tests.get(identifier)!
  }

  /** Checks at compile time that the identifier of a path has a filter. */
  use(identifier: string, path: string): void {
    if (identifier === '') return
    if (!this.tests.has(identifier))
      throw new CommandError('BadValue', `No array filter found for identifier '${identifier}' in path '${path}'`)
    this.used.add(identifier)
  }

  assertAllUsed(): void {
    for (const identifier of this.tests.keys()) {
      if (!this.used.has(identifier)) {
        throw new CommandError(
          'FailedToParse',
          `The array filter for identifier '${identifier}' was not used in the update`,
        )
      }
    }
  }
}

function identifierOf(filter: Record<string, unknown>): string | undefined {
  const [name] = Object.keys(filter)
  if (name === undefined) return undefined
  if (!name.startsWith('$')) return name.split('.', 1)[0]
  const [first] = Array.isArray(filter[name]) ? (filter[name] as unknown[]) : []
  const inner = asDocument(first)
  return inner && identifierOf(inner)
}
