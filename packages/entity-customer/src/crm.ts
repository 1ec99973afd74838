import { type Canonical, type Columns, type Side, columns } from '@amis-sync/core'

const both: Columns = {
  taxCode: columns.taxCode('tax_code'),
  description: columns.text('description'),
  paymentDays: columns.integer('number_of_days_owed'),
  creditLimit: columns.decimal('debt_limit', 4),
  groups: columns.codeList('account_group_code_list'),
  owner: columns.code('owner_code'),
  active: columns.negated('inactive'),
}

const customers: Columns = {
  kind: columns.custom(['is_personal'], {
    decode: ({ is_personal: personal }) =>
      personal === undefined ? undefined : personal === true ? 'person' : 'organisation',
    encode: (kind) => ({ is_personal: kind === 'person' }),
  }),
  code: columns.code('account_number'),
  name: columns.text('account_name'),
  phone: columns.phone('office_tel'),
  email: columns.email('office_email'),
  website: columns.text('website'),
  address: columns.text('billing_address'),
  country: columns.text('billing_country'),
  province: columns.text('billing_province'),
  district: columns.text('billing_district'),
  ward: columns.text('billing_ward'),
  shippingAddress: columns.text('shipping_address'),
  ...both,
}

const contacts: Columns = {
  kind: columns.custom([], { decode: () => 'person' }),
  code: columns.code('contact_code'),
  name: columns.text('contact_name'),
  phone: columns.phone('mobile'),
  email: columns.email('email'),
  address: columns.text('mailing_address'),
  ...both,
}

const isPerson = ({ kind }: Canonical): boolean => kind === 'person'

/**
 * Organisations stand in Customers, individuals in Contacts without a company; a person that Accounting had first becomes a Contact
 * (CU8). A Customer with `is_personal` stays one: a linked record keeps its table.
 */
export const crmSide: Side = {
  write: 'patch',
  resources: [
    { resource: 'Customers', columns: customers, takes: (record) => !isPerson(record) },
    {
      resource: 'Contacts',
      columns: contacts,
      accepts: (row) => !row.account_number && !row.account_name,
      otherwise: {
        vi: 'đó là người liên hệ của một công ty, không phải khách hàng; công ty đó mới được đồng bộ.',
        en: 'it is a contact person of a company, no customer; the company is what is synced.',
      },
      // The only buyer of a document is a customer, although it belongs to a company (contract §4.5).
      acceptsNeeded: () => true,
      takes: isPerson,
    },
  ],
}
