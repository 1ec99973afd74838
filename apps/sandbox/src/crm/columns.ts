import { bool, derived, text, ts, type Codes, type Column, type Reference } from '../model/column.ts'

/** Columns that every CRM resource has (§1.5). */
export const COMMON: readonly Column[] = [
  ...ts('created_date modified_date', { readonly: true }),
  ...text('created_by modified_by', { readonly: true }),
  ...bool('inactive', { default: false }),
  ...text('owner_name owner_code organization_unit_name organization_unit_code description'),
]

/** `id`, first in every row. */
export const ID: Column = derived('id', (row) => row.id)

/** A documented column with its companion (§1.4): code on write, name on read. */
export function pair(name: string, companion: string, table: string, shows: string, code: string): Reference {
  return {
    kind: 'reference',
    name,
    store: `${name}_ref`,
    table,
    shows,
    companion: { name: companion, shows: code, flag: 'referenceCodes' },
  }
}

/** A column that is the target's code both ways. */
export function byCode(name: string, table: string, code: string, extra: Partial<Reference> = {}): Reference {
  return { kind: 'reference', name, store: `${name}_ref`, table, shows: code, ...extra }
}

/** Buyer of a document: a customer, a contact or both. */
export const BUYER: readonly Column[] = [
  pair('account_name', 'account_number', 'Customers', 'account_name', 'account_number'),
  pair('contact_name', 'contact_code', 'Contacts', 'contact_name', 'contact_code'),
]

/** Codes of the customer groups that a customer or contact belongs to. */
export const GROUP_LIST: Codes = {
  kind: 'codes',
  name: 'account_group_code_list',
  form: 'text',
  tables: ['CustomerGroups'],
  guards: true,
  flag: 'customerGroups',
}
