/** One table of ACT as we name it. What it can do follows from which numbers and functions it has. */
export interface Resource {
  readonly name: string
  /** `get_dictionary` `data_type` (contract §2.2.1). */
  readonly read?: number
  /** `save_dictionary` `dictionary_type`. Differs from `read`. */
  readonly write?: number
  /** The list function, where it is no dictionary (contract §2.2.2, §2.4). */
  readonly list?: { readonly name: string; readonly body?: Readonly<Record<string, unknown>> }
  /** Columns that make up the row's id. */
  readonly id: readonly string[]
  readonly key: string
  readonly version?: string
  /** Does the list honour `last_sync_time`? */
  readonly watermark: boolean
  /** A figure, not a record: shown as it stands at a time. */
  readonly figure?: boolean
  /** The flag without which it is not there (contract §6.1). */
  readonly needs?: { readonly read?: string; readonly write?: string }
}

const dictionary = (
  name: string,
  read: number,
  write: number | undefined,
  id: string,
  key: string,
  needs?: Resource['needs'],
): Resource => ({
  name,
  read,
  ...(write === undefined ? {} : { write }),
  id: [id],
  key,
  version: 'modified_date',
  watermark: true,
  ...(needs === undefined ? {} : { needs }),
})

const both = (flag: string): Resource['needs'] => ({ read: flag, write: flag })

export const vouchers: Resource = {
  name: 'Vouchers',
  list: { name: 'get_voucher_state' },
  id: ['org_refid'],
  key: 'org_refno',
  version: 'state_version',
  watermark: true,
  needs: { read: 'voucherState' },
}

/** Every table, as data. Rows are recognised by their id and key columns, never by their own `dictionary_type` (contract §2.2.1). */
export const resources: readonly Resource[] = [
  dictionary('AccountObjects', 1, 1, 'account_object_id', 'account_object_code'),
  dictionary('InventoryItems', 2, 3, 'inventory_item_id', 'inventory_item_code'),
  dictionary('Stocks', 3, 5, 'stock_id', 'stock_code'),
  dictionary('Units', 4, 6, 'unit_id', 'unit_name'),
  dictionary('OrganizationUnits', 6, 106, 'organization_unit_id', 'organization_unit_code', {
    write: 'writeOrganizationUnits',
  }),
  dictionary('AccountObjectGroups', 101, 2, 'account_object_group_id', 'account_object_group_code', both('groups')),
  dictionary(
    'InventoryItemCategories',
    102,
    102,
    'inventory_item_category_id',
    'inventory_item_category_code',
    both('categories'),
  ),
  dictionary('PricePolicies', 103, undefined, 'price_policy_id', 'policy_code', { read: 'pricePolicies' }),
  vouchers,
  {
    name: 'Debts',
    list: { name: 'get_list_acc_obj_debt', body: { data_type: 0 } },
    id: ['account_object_id', 'organization_unit_id'],
    key: 'account_object_code',
    version: 'modified_date',
    watermark: true,
    figure: true,
  },
  {
    name: 'InventoryBalances',
    list: { name: 'get_list_inventory_balance', body: { stock_id: null } },
    id: ['inventory_item_id', 'stock_id'],
    key: 'inventory_item_code',
    watermark: false,
    figure: true,
  },
]

const byName = new Map(resources.map((resource) => [resource.name, resource]))
const byRead = new Map(resources.map((resource) => [resource.read, resource]))
const byWrite = new Map(resources.map((resource) => [resource.write, resource]))

export const resourceNamed = (name: string): Resource | undefined => byName.get(name)

/** By the number that `get_dictionary`, deletions and hints use. */
export const resourceRead = (type: number): Resource | undefined => byRead.get(type)

/** By the number that `save_dictionary` and its outcomes use. */
export const resourceWritten = (type: number): Resource | undefined => byWrite.get(type)

/** Documents: `voucher_type` and the flag that it needs (contract §2.3.3). */
export const voucherFlags: Readonly<Record<number, string | undefined>> = {
  20: undefined,
  120: 'contracts',
  121: 'quotes',
  122: 'invoiceRequests',
}

/** Most rows of one call (contract §2.2.1, §2.3.1, §2.4). */
export const limits = { page: 100, dictionary: 200, vouchers: 100, lookup: 500, bodyBytes: 8 * 1024 * 1024 } as const
