import { type Columns, type Row, type Side, type SideResource, columns } from '@amis-sync/core'

const type = columns.choice('account_object_type', { organisation: 0, person: 1 })

const common: Columns = {
  /** An empty type is the default: an organisation. */
  kind: { ...type, decode: (row) => (row.account_object_type === null ? 'organisation' : type.decode?.(row)) },
  code: columns.code('account_object_code'),
  name: columns.text('account_object_name'),
  email: columns.email('email_address'),
  website: columns.text('website'),
  description: columns.text('description'),
  address: columns.text('address'),
  country: columns.text('country'),
  province: columns.text('province_or_city'),
  district: columns.text('district'),
  ward: columns.text('ward_or_commune'),
  shippingAddress: columns.text('account_object_shipping_address'),
  paymentDays: columns.integer('due_time'),
  creditLimit: columns.decimal('maximize_debt_amount', 4),
  groups: columns.codeList('account_object_group_code_list'),
  owner: columns.code('employee_code'),
  active: columns.negated('inactive'),
}

const isPerson = (row: Row): boolean => row.account_object_type === 1 || row.account_object_type === '1'

/** One table for both kinds, with other columns for tax code and phone; rows that are vendors or employees only are none of ours. */
function accountObjects(kind: 'organisation' | 'person', own: Columns): SideResource {
  return {
    resource: 'AccountObjects',
    columns: { ...common, ...own },
    accepts: (row) => row.is_customer === true && isPerson(row) === (kind === 'person'),
    takes: (record) => (record.kind === 'person') === (kind === 'person'),
    otherwise: {
      vi: 'đối tượng đó không được đánh dấu là khách hàng (chỉ là nhà cung cấp hoặc nhân viên).',
      en: 'it is not marked as a customer there (a supplier or an employee only).',
    },
    constants: { create: { is_customer: true } },
  }
}

export const accountingSide: Side = {
  write: 'patch',
  resources: [
    accountObjects('organisation', { taxCode: columns.taxCode('company_tax_code'), phone: columns.phone('tel') }),
    accountObjects('person', { taxCode: columns.taxCode('identification_number'), phone: columns.phone('mobile') }),
  ],
}
