import { SALE_ORDERS } from '../crm/documents.ts'
import { ALL_ON } from '../model/emitters.ts'
import type { JsonObject } from '../model/json.ts'
import { pad } from '../model/text.ts'
import { draftOf } from './draft.ts'
import type { Planter } from './planter.ts'
import type { Tenant } from '../tenant/tenant.ts'

/** Orders of the profile `size`: three lines each, the rest by the fill rule. */
export function seedOrders(tenant: Tenant, planter: Planter, customers: number, orders: number): void {
  const products = Math.floor(customers / 2)
  const world = tenant.tables.crm.world(ALL_ON)
  for (let i = 1; i <= orders; i += 1) {
    const lines = [1, 2, 3].map((k): JsonObject => {
      const product = (((i - 1) * 3 + k - 1) % products) + 1
      return { product_code: `VT${pad(product, 6)}`, amount: k, tax_percent: '10%' }
    })
    const order: JsonObject = {
      sale_order_no: `DH${pad(i, 6)}`,
      sale_order_date: '2026-01-01',
      account_number: `KH${pad(((i - 1) % customers) + 1, 6)}`,
      sale_order_product_mappings: lines,
    }
    planter.plant('crm', 'SaleOrders', draftOf(SALE_ORDERS, order, world, tenant))
  }
}
