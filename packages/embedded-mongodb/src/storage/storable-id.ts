import { elementType, scanElements } from '../bson/raw-document.ts'
import { CommandError } from '../errors.ts'

/** Element types an `_id` cannot have. */
const forbiddenTypes: Record<number, string> = { 0x04: 'array', 0x06: 'undefined', 0x0b: 'regex' }

/** The `_id` element opens the document: size (4), type (1), name and its end (4). */
const typeOffset = 4
const valueOffset = 9

/** Checks the `_id` of a document that starts with it, however the document came about: inserted or upserted. */
export function assertStorableId(raw: Buffer): void {
  const type = raw[typeOffset]!
  const forbidden = forbiddenTypes[type]
  if (forbidden) throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${forbidden}`)
  if (type === elementType.document) assertNoDollarNames(raw.subarray(valueOffset, valueEnd(raw, valueOffset)))
}

/** Names with `$` are allowed in documents but not in an `_id`, unless they open it as those of a database reference. */
function assertNoDollarNames(raw: Buffer): void {
  const names: string[] = []
  scanElements(raw, (type, name, _start, valueStart, end) => {
    names.push(name)
    if (type === elementType.document || type === elementType.array) assertNoDollarNames(raw.subarray(valueStart, end))
  })
  const dollar = names.slice(referenceLength(names)).find((name) => name.startsWith('$'))
  if (dollar === undefined) return
  throw new CommandError(
    'DollarPrefixedFieldName',
    `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
  )
}

/** How many of the names are `$ref`, `$id` and perhaps `$db`. */
function referenceLength(names: readonly string[]): number {
  if (names[0] !== '$ref' || names[1] !== '$id') return 0
  return names[2] === '$db' ? 3 : 2
}

function valueEnd(raw: Buffer, offset: number): number {
  return offset + raw.readInt32LE(offset)
}
