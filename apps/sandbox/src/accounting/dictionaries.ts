/** One table of dictionary rows with its numbers (§2.2.1): reading and writing numbers differ. */
export interface Dictionary {
  readonly read: number
  readonly write: number | null
  readonly entity: string
  readonly id: string
  /** Capability without which the numbers are unknown. */
  readonly flag?: string
  /** Capability without which writing is refused. */
  readonly writeFlag?: string
}

/** All dictionaries that the sandbox plays. */
export const DICTIONARIES: readonly Dictionary[] = [
  { read: 1, write: 1, entity: 'AccountObjects', id: 'account_object_id' },
  { read: 2, write: 3, entity: 'InventoryItems', id: 'inventory_item_id' },
  { read: 3, write: 5, entity: 'Stocks', id: 'stock_id' },
  { read: 4, write: 6, entity: 'Units', id: 'unit_id' },
  { read: 6, write: 106, entity: 'OrganizationUnits', id: 'organization_unit_id', writeFlag: 'writeOrganizationUnits' },
  { read: 101, write: 2, entity: 'AccountObjectGroups', id: 'account_object_group_id', flag: 'groups' },
  { read: 102, write: 102, entity: 'Categories', id: 'inventory_item_category_id', flag: 'categories' },
  { read: 103, write: null, entity: 'PricePolicies', id: 'price_policy_id', flag: 'pricePolicies' },
]

/** Numbers that exist on MISA and are always empty here. */
export const EMPTY_DATA_TYPES: readonly number[] = [5, 7, 8, 9, 10, 11, 12]

/** The dictionary of an entity. */
export function dictionaryOf(entity: string): Dictionary | undefined {
  return DICTIONARIES.find((dictionary) => dictionary.entity === entity)
}

/** The dictionary that a writing number means, with these capabilities. */
export function dictionaryToWrite(type: unknown, on: (flag: string) => boolean): Dictionary | undefined {
  return DICTIONARIES.find(
    ({ write, flag, writeFlag }) =>
      write !== null && write === type && (!flag || on(flag)) && (!writeFlag || on(writeFlag)),
  )
}
