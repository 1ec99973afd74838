import type { Json, JsonObject } from '../model/json.ts'
import type { Prng } from '../model/prng.ts'
import { pad } from '../model/text.ts'
import type { DemoCrm } from './demo-crm.ts'
import type { DemoWriter } from './demo-writer.ts'
import { between, pick } from './names.ts'

const QUOTES = 60
const REQUESTS = 30
const PARENTS = 5
/** How many orders stand at each revenue status. */
const ORDERS = [
  ['Bản nháp', 120],
  ['Đề nghị ghi', 150],
  ['Đã ghi', 20],
  ['Từ chối ghi', 10],
] as const

/** Quotes, sale orders and invoice requests. */
export function seedDemoDocuments(writer: DemoWriter, random: Prng, crm: DemoCrm): void {
  for (let i = 1; i <= QUOTES; i += 1) {
    writer.add('crm', 'Quotes', {
      quote_no: `BG${pad(i, 6)}`,
      quote_date: day(random),
      ...buyer(random, crm),
      valid_until: '2026-12-31',
      status: pick(random, ['Bản nháp', 'Đã gửi', 'Chấp nhận', 'Từ chối']),
      quote_product_mappings: lines(random, crm),
    })
  }
  const orders: { no: string; input: JsonObject; status: string }[] = []
  for (const [status, count] of ORDERS) {
    for (let i = 0; i < count; i += 1) {
      const no = status === 'Đề nghị ghi' && i === count - 1 ? 'DH-LOI' : `DH${pad(orders.length + 1, 6)}`
      const input = order(random, crm, no, status, orders.length)
      writer.add(
        'crm',
        'SaleOrders',
        input,
        status === 'Đã ghi' || status === 'Từ chối ghi' ? { revenue_request_seq: 1 } : {},
      )
      orders.push({ no, input, status })
    }
  }
  const covered = orders.filter((each) => each.status === 'Đề nghị ghi' && each.no !== 'DH-LOI')
  for (let i = 1; i <= REQUESTS; i += 1) seedRequest(writer, random, i, covered[i])
}

function order(random: Prng, crm: DemoCrm, no: string, status: string, index: number): JsonObject {
  const party = no === 'DH-LOI' ? { account_number: 'NV-TRUNG' } : buyer(random, crm)
  return {
    sale_order_no: no,
    sale_order_date: day(random),
    ...party,
    ...(index >= PARENTS && index < 3 * PARENTS && { parent_sale_order_no: `DH${pad((index % PARENTS) + 1, 6)}` }),
    is_parent_sale_order: index < PARENTS,
    ...(index % 10 === 9 && { quote_no: `BG${pad((index % QUOTES) + 1, 6)}` }),
    revenue_status: status,
    ...(status === 'Từ chối ghi' && { revenue_refusal_reason: 'Thiếu hợp đồng kèm theo' }),
    deadline_date: '2026-12-15',
    number_of_days_owed: 30,
    sale_order_product_mappings: lines(random, crm),
  }
}

function seedRequest(
  writer: DemoWriter,
  random: Prng,
  i: number,
  covered: { no: string; input: JsonObject } | undefined,
): void {
  if (!covered) return
  const { input, no } = covered
  const ordered = (input['sale_order_product_mappings'] ?? []) as readonly JsonObject[]
  writer.add('crm', 'InvoiceRequests', {
    request_no: `DNHD${pad(i, 6)}`,
    request_date: day(random),
    ...(input['account_number'] !== undefined
      ? { account_number: input['account_number'] }
      : { contact_code: input['contact_code'] }),
    ...(input['owner_code'] !== undefined && { owner_code: input['owner_code'] }),
    sale_order_nos: [no],
    status: i % 3 === 0 ? 'Bản nháp' : 'Đã đề nghị',
    invoice_request_product_mappings: ordered.map((line): Json => ({ ...line, sale_order_no: no })),
  })
}

function buyer(random: Prng, crm: DemoCrm): JsonObject {
  if (random.next() < 0.05) return { contact_code: pick(random, crm.contacts)['contact_code'] }
  const customer = crm.customers[between(random, 0, 299)] ?? {}
  return {
    account_number: customer['account_number'],
    owner_code: customer['owner_code'],
    owner_name: customer['owner_name'],
  }
}

function lines(random: Prng, crm: DemoCrm): JsonObject[] {
  const start = between(random, 0, crm.products.length - 1)
  return Array.from({ length: between(random, 1, 4) }, (_, k): JsonObject => {
    const product = crm.products[(start + k * 37) % crm.products.length] ?? {}
    const [unit] = (product['conversion_units'] ?? []) as readonly JsonObject[]
    const packed = unit && random.next() < 0.5
    return {
      product_code: product['product_code'],
      amount: between(random, 1, 20),
      discount_percent: pick(random, [0, 0, 0, 5, 10]),
      ...(packed && {
        unit: unit['usage_unit'],
        ratio: unit['ratio'],
        operator: '*',
        price: Number(product['unit_price']) * Number(unit['ratio']),
      }),
    }
  })
}

function day(random: Prng): string {
  return `2026-${pad(between(random, 1, 11), 2)}-${pad(between(random, 1, 20), 2)}`
}
