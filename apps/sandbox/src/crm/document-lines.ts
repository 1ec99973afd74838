import { fault, type Fault } from '../model/fault.ts'
import { asText, isObject, type Json, type JsonObject } from '../model/json.ts'
import { readColumns, withDefaults } from '../model/read-columns.ts'
import type { Draft, Writing } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey } from '../model/text.ts'
import type { DocumentRules } from './document-rules.ts'
import { fillTwins, LINE_AMOUNTS, toCurrency, type Money } from './fill-rule.ts'

const MAX_LINES = 500

/** A line that the write names, with the stored keys that it gives. */
export interface TouchedLine {
  readonly line: Draft
  readonly given: ReadonlySet<string>
}

/** All lines after the write, in order, and those that it names. */
export interface ReadLines {
  readonly lines: Draft[]
  readonly touched: TouchedLine[]
  readonly faults: Fault[]
}

/** Applies the written lines to the document's own (§1.5.1 Lines). */
export function readLines(rules: DocumentRules, writing: Writing, money: Money): ReadLines {
  const { input, before, removeLines } = writing
  const lines: Draft[] = ((before?.[rules.lines] ?? []) as Draft[]).map((line) => ({ ...line }))
  const result: ReadLines = { lines, touched: [], faults: [] }
  const written = input[rules.lines]
  if (written === null || (written === undefined && !before) || (!before && isEmpty(written))) {
    result.faults.push(fault(rules.lines, 'required'))
    return result
  }
  if (written !== undefined && !Array.isArray(written)) {
    result.faults.push(fault(rules.lines, 'invalid'))
    return result
  }
  for (const [i, item] of ((written ?? []) as Json[]).entries()) {
    readLine(rules, writing, money, result, item, `${rules.lines}[${i}]`)
  }
  if (lines.length > MAX_LINES) result.faults.push(fault(rules.lines, 'invalid'))
  if (removeLines) takeOut(rules, lines, removeLines, result.faults)
  lines.sort((a, b) => order(a, 'sort_order') - order(b, 'sort_order') || order(a, 'line_id') - order(b, 'line_id'))
  return result
}

function readLine(
  rules: DocumentRules,
  writing: Writing,
  money: Money,
  result: ReadLines,
  item: Json,
  path: string,
): void {
  if (!isObject(item)) {
    result.faults.push(fault(path, 'invalid'))
    return
  }
  const { world } = writing
  const input: JsonObject =
    item['unit'] === undefined && item['usage_unit'] !== undefined ? { ...item, unit: item['usage_unit'] } : item
  const existing = writing.before ? match(result.lines, input, writing) : undefined
  if (typeof existing === 'string') {
    result.faults.push(fault(`${path}.line_id`, existing))
    return
  }
  const creating = existing === undefined
  const { given, faults } = readColumns(rules.lineColumns ?? [], input, { world, creating, prefix: `${path}.` })
  result.faults.push(...faults)
  const line: Draft = existing ?? {}
  Object.assign(line, given)
  const named = new Set(Object.keys(given))
  fillTwins(line, named, LINE_AMOUNTS, money)
  if (creating) result.lines.push(line)
  line['sort_order'] ??= writing.before ? behind(result.lines, line) : result.lines.length
  complete(line, creating, writing, money)
  if (!writing.before) result.touched.push({ line, given: named })
  else result.touched.push({ line: withDefaults(rules.lineColumns ?? [], line), given: named })
}

/** The place behind all other lines. */
function behind(lines: readonly Draft[], line: Draft): number {
  return Math.max(lines.length, ...lines.map((other) => Number(other['sort_order'] ?? 0) + (other === line ? 0 : 1)))
}

/** Defaults of a line that do not depend on amounts (and the price, which starts them). */
function complete(line: Draft, creating: boolean, { world }: Writing, money: Money): void {
  const product: Row | undefined = world.reader.row('Products', line['product_code_ref'])
  if (!product) return
  line['unit'] ??= product['usage_unit']
  line['tax_percent'] ??= product['tax'] ?? 'KCT'
  line['description'] ??= product['product_name']
  if (!creating || (line['price'] ?? line['price_oc'] ?? null) !== null) return
  const isMain = codeKey(asText(line['unit'])) === codeKey(asText(product['usage_unit']))
  line['price'] = isMain ? (product['unit_price'] ?? 0) : 0
  line['price_oc'] = toCurrency(line['price'], money)
}

/** The document's line that a written line means; undefined = a new one. */
function match(
  lines: readonly Draft[],
  input: JsonObject,
  { world }: Writing,
): Draft | undefined | 'not_found' | 'invalid' {
  if (!world.on('lineIds'))
    return matchByContent(lines, input, world.table('Products').find(codeKey(asText(input['product_code'] ?? '')))?.id)
  const id = input['line_id']
  if (id === undefined || id === null) return undefined
  if (typeof id !== 'number') return 'invalid'
  return lines.find((line) => line['line_id'] === id) ?? 'not_found'
}

/** Without line ids, lines are told apart by (product, unit, sort order) (§6.1). */
function matchByContent(lines: readonly Draft[], input: JsonObject, product: Json): Draft | undefined {
  return lines.find(
    (line) =>
      line['product_code_ref'] === product &&
      (input['unit'] === undefined || codeKey(asText(line['unit'])) === codeKey(asText(input['unit']))) &&
      (input['sort_order'] === undefined || line['sort_order'] === input['sort_order']),
  )
}

function takeOut(rules: DocumentRules, lines: Draft[], ids: readonly number[], faults: Fault[]): void {
  for (const id of ids) {
    const at = lines.findIndex((line) => line['line_id'] === id)
    if (at < 0) faults.push(fault('removeLines', 'not_found'))
    else lines.splice(at, 1)
  }
  if (lines.length === 0) faults.push(fault(rules.lines, 'required'))
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}

function order(line: Draft, key: string): number {
  return Number(line[key] ?? Number.MAX_SAFE_INTEGER)
}
