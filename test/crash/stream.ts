import { setTimeout as sleep } from 'node:timers/promises'
import type { Row, Tenant } from './tenant.ts'

/** People at work in both systems: each round makes and edits a few records, and remembers what the others should see. */
export class Stream {
  readonly #tenant: Tenant
  readonly #phones = new Map<string, string>()
  #rounds = 0
  #flowing: Promise<void> | undefined
  #ending = false

  constructor(tenant: Tenant) {
    this.#tenant = tenant
  }

  /** Goes on until {@link end}. */
  flow(): Promise<void> {
    this.#flowing = this.#flow()
    return this.#flowing
  }

  async end(): Promise<void> {
    this.#ending = true
    await this.#flowing
  }

  async #flow(): Promise<void> {
    while (!this.#ending) {
      await this.round()
      await sleep(150)
    }
  }

  /**
   * A new customer with an order that asks to be recorded, an edited customer, a product made in CRM, one made in accounting, and the
   * order before recorded by the accountant.
   */
  async round(): Promise<void> {
    this.#rounds += 1
    const n = String(this.#rounds).padStart(3, '0')
    const edited = `KH${String((this.#rounds % 40) + 1).padStart(6, '0')}`
    this.#phones.set(edited, `0900000${n}`)
    const line = { product_code: 'VT000001', amount: 2, price: 100_000 }
    const order = { sale_order_no: `LIVE${n}`, sale_order_date: '2026-11-20', account_number: `MOI${n}` }
    await this.#tenant.act([
      person('crm', 'Customers', { account_number: `MOI${n}`, account_name: `Khách mới ${n}` }),
      person('crm', 'SaleOrders', { ...order, sale_order_product_mappings: [line] }),
      { system: 'crm', action: 'requestRevenue', key: `LIVE${n}` },
      { system: 'crm', action: 'update', entity: 'Customers', key: edited, changes: { office_tel: `0900000${n}` } },
      person('crm', 'Products', {
        product_code: `HC${n}`,
        product_name: `Hàng CRM ${n}`,
        usage_unit: 'Cái',
        unit_price: 1000,
      }),
      person('accounting', 'InventoryItems', {
        inventory_item_code: `HK${n}`,
        inventory_item_name: `Hàng kế toán ${n}`,
        unit_name: 'Cái',
      }),
    ])
  }

  /** What somebody entered and the other side does not show. */
  async unseen(): Promise<string[]> {
    const customers = await this.#tenant.rows('accounting', 'AccountObjects')
    const tel = new Map(customers.map((row) => [row.account_object_code as string, row.tel as string]))
    return [...this.#phones].flatMap(([code, phone]) => (tel.get(code) === phone ? [] : [`${code}: ${tel.get(code)}`]))
  }
}

function person(system: string, entity: string, record: Row): Row {
  return { system, action: 'create', entity, record }
}
