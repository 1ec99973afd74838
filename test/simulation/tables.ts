/** The columns that name a row, by system and table (contract §1.5, §2.2.1, §3). */
const accounting: Readonly<Record<string, { readonly id: string; readonly key: string }>> = {
  AccountObjects: { id: 'account_object_id', key: 'account_object_code' },
  AccountObjectGroups: { id: 'account_object_group_id', key: 'account_object_group_code' },
  InventoryItems: { id: 'inventory_item_id', key: 'inventory_item_code' },
  InventoryItemCategories: { id: 'inventory_item_category_id', key: 'inventory_item_category_code' },
  OrganizationUnits: { id: 'organization_unit_id', key: 'organization_unit_code' },
  Stocks: { id: 'stock_id', key: 'stock_code' },
  PricePolicies: { id: 'price_policy_id', key: 'policy_code' },
  Vouchers: { id: 'org_refid', key: 'org_refno' },
}
const crm: Readonly<Record<string, string>> = {
  Customers: 'account_number',
  Contacts: 'contact_code',
  CustomerGroups: 'group_code',
  ProductCategories: 'category_code',
  Products: 'product_code',
  SaleOrders: 'sale_order_no',
  Quotes: 'quote_no',
  InvoiceRequests: 'request_no',
  PricePolicies: 'policy_code',
  Stocks: 'stock_code',
}

export function tableOf(system: string, table: string): { readonly id: string; readonly key: string } {
  if (system === 'accounting') return accounting[table] ?? { id: 'id', key: 'code' }
  return { id: 'id', key: system === 'crm' ? (crm[table] ?? 'code') : 'code' }
}
