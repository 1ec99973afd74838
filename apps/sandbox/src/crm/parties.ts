import { asText } from '../model/json.ts'
import { bool, carried, code, customFields, derived, int, num, text, type Reader } from '../model/column.ts'
import { sum } from '../model/decimal.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { splitCodes, taxKey } from '../model/text.ts'
import { byCode, COMMON, GROUP_LIST, ID, pair } from './columns.ts'

const debt = (party: string) =>
  derived('debt', (row, reader) =>
    sum(reader.group('CustomerDebts', `${party}${row.id}`).map((each) => each['debt_amount'] as number)),
  )

function groupNames(row: Row, reader: Reader): string | null {
  const list = row[GROUP_LIST.name]
  if (typeof list !== 'string') return null
  const names = splitCodes(list).map((group) => asText(reader.byCode('CustomerGroups', group)?.['group_name'] ?? group))
  return names.join('; ') || null
}

/** §1.5.2 */
export const CUSTOMERS: Resource = {
  name: 'Customers',
  ids: 'integer',
  key: 'account_number',
  orders: ['modified', 'created', 'id'],
  uniques: [{ field: 'tax_code', key: (row) => (row['tax_code'] ? taxKey(asText(row['tax_code'])) || null : null) }],
  columns: [
    ID,
    ...code('account_number', { required: true }),
    ...text('account_name', { required: true }),
    ...text('account_short_name office_tel office_email website tax_code'),
    ...bool('is_personal', { default: false }),
    GROUP_LIST,
    derived('account_type', groupNames, { flag: 'customerGroups' }),
    ...text('account_type', { store: 'account_type_text', without: 'customerGroups', fallback: groupNames }),
    ...text('billing_country billing_province billing_district billing_ward billing_address shipping_address'),
    ...int('number_of_days_owed', { min: 0 }),
    ...num('debt_limit', { min: 0 }),
    debt('a'),
    ...carried('lead_source business_type sector_name industry gender bank_account'),
    ...carried('customer_since_date celebrate_date form_layout'),
    ...customFields(20),
    ...COMMON,
  ],
}

/** §1.5.3 */
export const CONTACTS: Resource = {
  name: 'Contacts',
  ids: 'integer',
  key: 'contact_code',
  orders: ['modified', 'created', 'id'],
  uniques: [
    { field: 'email', key: (row) => (row['email'] ? asText(row['email']).trim().toLowerCase() || null : null) },
  ],
  columns: [
    ID,
    ...code('contact_code', { required: true }),
    ...text('contact_name', { required: true }),
    pair('account_name', 'account_number', 'Customers', 'account_name', 'account_number'),
    ...text('mobile email mailing_address tax_code'),
    ...int('number_of_days_owed', { min: 0 }),
    ...num('debt_limit', { min: 0 }),
    GROUP_LIST,
    debt('c'),
    ...carried('first_name last_name office_email title department form_layout'),
    ...customFields(20),
    ...COMMON,
  ],
}

/** §1.5.4 */
export const CUSTOMER_GROUPS: Resource = {
  name: 'CustomerGroups',
  ids: 'integer',
  key: 'group_code',
  orders: ['modified', 'created', 'id'],
  columns: [
    ID,
    ...code('group_code', { required: true }),
    ...text('group_name', { required: true }),
    byCode('parent_code', 'CustomerGroups', 'group_code', { tree: true, guards: true }),
    ...COMMON,
  ],
}
