import type { Row } from '@amis-sync/core'

/** Rows as the three systems show them, with what the tests do not care about filled in. */
export const crmCustomer = (code: string, more: Row = {}): Row => ({
  account_number: code,
  account_name: `Khách ${code}`,
  is_personal: false,
  office_tel: null,
  billing_address: null,
  account_group_code_list: null,
  inactive: false,
  ...more,
})

export const actCustomer = (code: string, more: Row = {}): Row => ({
  account_object_code: code,
  account_object_name: `Khách ${code}`,
  account_object_type: 0,
  is_customer: true,
  is_employee: false,
  tel: null,
  address: null,
  account_object_group_code_list: null,
  inactive: false,
  ...more,
})

export const crmGroup = (code: string, more: Row = {}): Row => ({
  group_code: code,
  group_name: `Nhóm ${code}`,
  parent_code: null,
  description: null,
  inactive: false,
  ...more,
})

export const actGroup = (code: string, more: Row = {}): Row => ({
  account_object_group_code: code,
  account_object_group_name: `Nhóm ${code}`,
  parent_code: null,
  description: null,
  inactive: false,
  ...more,
})

export const crmProduct = (code: string, more: Row = {}): Row => ({
  product_code: code,
  product_name: `Hàng ${code}`,
  usage_unit: 'Cái',
  inactive: false,
  ...more,
})

export const actProduct = (code: string, more: Row = {}): Row => ({
  inventory_item_code: code,
  inventory_item_name: `Hàng ${code}`,
  unit_name: 'Cái',
  inactive: false,
  ...more,
})
