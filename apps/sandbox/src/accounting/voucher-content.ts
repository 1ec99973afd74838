import type { Scalar, World } from '../model/column.ts'
import {
  absolute,
  compare,
  decimal,
  dividedBy,
  minus,
  plus,
  rounded,
  times,
  toNumber,
  type Decimal,
} from '../model/decimal.ts'
import { fault, type Fault } from '../model/fault.ts'
import { isObject, type Json, type JsonObject } from '../model/json.ts'
import { readColumns, withDefaults } from '../model/read-columns.ts'
import type { Draft } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey, isGuid } from '../model/text.ts'
import {
  DETAIL,
  DETAIL_AMOUNTS,
  HEADER,
  HEADER_AMOUNTS,
  HEADER_OF,
  HEADER_STATE,
  HEADER_SUMS,
  LISTS_OF_122,
  VOUCHER_TYPES,
} from './voucher-columns.ts'

/** A document as sent, with its defaults: what is compared, kept and shown. */
export interface VoucherContent {
  readonly header: JsonObject
  readonly detail: readonly JsonObject[]
  /** `request_seq` and the status fields, which never count as content. */
  readonly given: JsonObject
}

interface Reading {
  readonly world: World
  readonly faults: Fault[]
  readonly rate: Decimal
  readonly places: number
}

/** Reads and checks a document (§2.3.3); faults name the field. */
export function readVoucher(input: JsonObject, world: World): { content: VoucherContent; faults: Fault[] } {
  const type = Number(input['voucher_type'])
  const columns = [...HEADER, ...(HEADER_OF[type] ?? [])]
  const { given: header, faults } = readColumns(columns, input, { world, creating: true })
  const state = readColumns(HEADER_STATE, input, { world, creating: true })
  faults.push(...state.faults)
  if (VOUCHER_TYPES[type] && header['reftype'] !== undefined && header['reftype'] !== VOUCHER_TYPES[type].reftype) {
    faults.push(fault('reftype', 'invalid'))
  }
  if (type === 122) for (const name of LISTS_OF_122) readList(name, input, header, faults)
  if (header['currency_id'] === 'VND' && header['exchange_rate'] !== 1) faults.push(fault('exchange_rate', 'invalid'))
  const reading: Reading = {
    world,
    faults,
    rate: decimal((header['exchange_rate'] as number | undefined) ?? 1),
    places: header['currency_id'] === 'VND' ? 0 : 2,
  }
  checkReferences(header, reading)
  fillAmounts(header, [...HEADER_AMOUNTS, 'liquidate_amount'], HEADER_AMOUNTS, '', reading)
  const detail = readDetail(input['detail'], reading)
  if (faults.length === 0) checkSums(header, detail, reading)
  withDefaults(columns, header)
  header['refid'] ??= header['org_refid']
  header['liquidate_amount'] ??= header['total_amount']
  header['liquidate_amount_oc'] ??= header['total_amount_oc']
  return { content: { header, detail, given: state.given }, faults }
}

function readList(name: string, input: JsonObject, header: Draft, faults: Fault[]): void {
  const value = input[name] ?? []
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) faults.push(fault(name, 'invalid'))
  else header[name] = value.map((item) => (isGuid(item) ? item.toLowerCase() : item))
}

function find(world: World, table: string, code: Json): Row | undefined {
  return typeof code === 'string' ? world.table(table).find(codeKey(code)) : undefined
}

function checkReferences(header: Draft, { world, faults }: Reading): void {
  const customer = header['account_object_code']
  if (customer !== undefined && find(world, 'AccountObjects', customer)?.['is_customer'] !== true) {
    faults.push(fault('account_object_code', 'not_found'))
  }
  const employee = header['employee_code']
  if (employee !== undefined && find(world, 'AccountObjects', employee)?.['is_employee'] !== true) {
    faults.push(fault('employee_code', 'not_found'))
  }
}

/** The twin rule of §1.5.1; required amounts must be there in one of their two forms. */
function fillAmounts(
  target: Draft,
  names: readonly string[],
  required: readonly string[],
  prefix: string,
  reading: Reading,
): void {
  for (const x of names) {
    const oc = `${x}_oc`
    const value = target[x] as number | undefined
    const inCurrency = target[oc] as number | undefined
    if (value === undefined && inCurrency === undefined) {
      if (required.includes(x)) reading.faults.push(fault(prefix + x, 'required'))
    } else if (inCurrency === undefined)
      target[oc] = toNumber(dividedBy(decimal(value ?? 0), reading.rate, reading.places))
    else if (value === undefined) target[x] = toNumber(rounded(times(decimal(inCurrency), reading.rate), 0))
  }
}

function readDetail(value: Json, reading: Reading): Draft[] {
  const { faults, world } = reading
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
    faults.push(fault('detail', 'required'))
    return []
  }
  if (!Array.isArray(value)) {
    faults.push(fault('detail', 'invalid'))
    return []
  }
  const seen = new Set<Json>()
  return (value as Json[]).map((item, i) => {
    const prefix = `detail[${i}].`
    if (!isObject(item)) {
      faults.push(fault(`detail[${i}]`, 'invalid'))
      return {}
    }
    const read = readColumns(DETAIL, item, { world, creating: true, prefix })
    faults.push(...read.faults)
    const line: Draft = read.given
    if (line['ref_detail_id'] !== undefined && seen.has(line['ref_detail_id']))
      faults.push(fault(`${prefix}ref_detail_id`, 'duplicate'))
    seen.add(line['ref_detail_id'])
    completeLine(line, prefix, i, reading)
    return line
  })
}

function completeLine(line: Draft, prefix: string, index: number, reading: Reading): void {
  const { world, faults } = reading
  const item = find(world, 'InventoryItems', line['inventory_item_code'])
  if (line['inventory_item_code'] !== undefined && !item)
    faults.push(fault(`${prefix}inventory_item_code`, 'not_found'))
  for (const name of ['unit_name', 'main_unit_name']) {
    if (line[name] !== undefined && !find(world, 'Units', line[name])) faults.push(fault(prefix + name, 'not_found'))
  }
  if (line['stock_code'] !== undefined && !find(world, 'Stocks', line['stock_code']))
    faults.push(fault(`${prefix}stock_code`, 'not_found'))
  if (line['vat_rate'] === -3 && line['other_vat_rate'] === undefined)
    faults.push(fault(`${prefix}other_vat_rate`, 'required'))
  fillAmounts(line, DETAIL_AMOUNTS, ['amount'], prefix, reading)
  withDefaults(DETAIL, line)
  line['sort_order'] ??= index + 1
  line['main_unit_name'] ??= item ? world.reader.row('Units', item['unit_name_ref'])?.['unit_name'] : undefined
  line['main_quantity'] ??= converted(line)
}

function converted(line: Draft): number {
  const quantity = decimal((line['quantity'] as number | undefined) ?? 0)
  const rate = decimal((line['main_convert_rate'] as number | undefined) ?? 1)
  return toNumber(
    line['exchange_rate_operator'] === '/' ? dividedBy(quantity, rate, 6) : rounded(times(quantity, rate), 6),
  )
}

const number = (value: Json): Decimal => decimal((value as number | undefined) ?? 0)

/** Sums must add up within the tolerance of §2.3.3. */
function checkSums(header: Draft, detail: readonly Draft[], { faults, places }: Reading): void {
  const tolerance = places === 0 ? decimal(1) : decimal(0.01)
  const within = (a: Decimal, b: Decimal, limit: Decimal): boolean => compare(absolute(minus(a, b)), limit) <= 0
  for (const [i, line] of detail.entries()) {
    const product = times(number(line['quantity']), number(line['unit_price']))
    if (!within(number(line['amount_oc']), product, tolerance)) faults.push(fault(`detail[${i}].amount`, 'invalid'))
    if (!within(number(line['main_quantity']), number(converted(line)), decimal(0.0001))) {
      faults.push(fault(`detail[${i}].main_quantity`, 'invalid'))
    }
  }
  const whole = times(tolerance, decimal(detail.length))
  for (const [name, column] of Object.entries(HEADER_SUMS)) {
    const total = detail.reduce((all, line) => plus(all, number(line[`${column}_oc`])), decimal(0))
    if (!within(number(header[`${name}_oc`]), total, whole)) faults.push(fault(name, 'invalid'))
  }
  const goods = number(header['total_sale_amount_oc'])
  const net = plus(minus(goods, number(header['total_discount_amount_oc'])), number(header['total_vat_amount_oc']))
  if (!within(number(header['total_amount_oc']), net, whole)) faults.push(fault('total_amount', 'invalid'))
}

/** Names of all header columns of a kind, in order. */
export function headerColumns(type: number): readonly Scalar[] {
  return [...HEADER, ...(HEADER_OF[type] ?? [])]
}
