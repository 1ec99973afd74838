import { guid } from '../model/column.ts'
import type { Resource } from '../model/resource.ts'
import { base } from './columns.ts'
import { balances, debts, PRICE_POLICIES, type Lookup } from './figures.ts'
import { ACCOUNT_OBJECTS, groupLike, INVENTORY_ITEMS, ORGANIZATION_UNITS, STOCKS, UNITS } from './masters.ts'

/** Documents keep their content as sent; how they are shown is `voucher-row.ts`'s. */
const VOUCHERS: Resource = { ...base, name: 'Vouchers', columns: guid('org_refid') }

/** All entities of ACT, in the order of the contract. */
export function accountingResources(lookup: Lookup): Resource[] {
  return [
    ACCOUNT_OBJECTS,
    INVENTORY_ITEMS,
    STOCKS,
    UNITS,
    ORGANIZATION_UNITS,
    groupLike('AccountObjectGroups', 'account_object_group', 2),
    groupLike('Categories', 'inventory_item_category', 102),
    PRICE_POLICIES,
    debts(lookup),
    balances(lookup),
    VOUCHERS,
  ]
}
