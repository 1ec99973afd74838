import {
  type SideResource,
  canonical,
  columns,
  defineEntityPlugin,
  definePolicy,
  field,
  figureSettings,
  onlyFrom,
} from '@amis-sync/core'
import { z } from 'zod'

const owned = onlyFrom('accounting')
const { readOnly } = columns

/** Money of catalogues and figures has 4 decimals (contract §4.0). */
const money = (name: string) => columns.decimal(name, 4)

/** A debt row of the CRM names its customer by one of two columns, after the table that the customer stands in (contract §1.5.10). */
function debtsOf(table: string, customer: string): SideResource {
  return {
    resource: 'CustomerDebts',
    whereAt: { customer: table },
    accepts: (row) => (row[customer] ?? null) !== null,
    columns: {
      customer: columns.code(customer),
      branch: columns.code('branch_code'),
      branchName: columns.text('branch_name'),
      amount: money('debt_amount'),
      invoiceAmount: money('invoice_debt_amount'),
      asOf: columns.time('as_of'),
    },
  }
}

/**
 * What customers owe, by branch, Accounting → CRM (contract §4.11, DE1): positive = the customer owes us, whatever sign the tenant's
 * Accounting gives (setting `debtSign` of the connection).
 */
export const plugin = defineEntityPlugin({
  id: 'receivable',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Công nợ khách hàng', en: 'Receivables' },
  kind: 'figure',
  sides: ['accounting', 'crm'],
  schema: z.object({
    customer: canonical.text,
    branch: canonical.code,
    branchName: canonical.text.nullish(),
    amount: canonical.decimal,
    invoiceAmount: canonical.decimal.nullish(),
  }),
  fields: {
    customer: field.text(owned, { vi: 'Khách hàng', en: 'Customer' }),
    customerCode: field.code(owned, { vi: 'Mã khách hàng', en: 'Customer code' }),
    customerName: field.text(owned, { vi: 'Tên khách hàng', en: 'Customer name' }),
    branch: field.code(owned, { vi: 'Mã chi nhánh', en: 'Branch code' }),
    branchName: field.text(owned, { vi: 'Tên chi nhánh', en: 'Branch name' }),
    amount: field.decimal(owned, { vi: 'Số còn phải thu', en: 'Amount owed' }),
    invoiceAmount: field.decimal(owned, { vi: 'Công nợ theo hóa đơn', en: 'Owed on invoices' }),
    asOf: field.text(owned, { vi: 'Thời điểm', en: 'As of' }),
  },
  wire: {
    accounting: {
      write: 'none',
      resources: [
        {
          resource: 'Debts',
          columns: {
            customer: readOnly(columns.guid('account_object_id')),
            customerCode: readOnly(columns.code('account_object_code')),
            customerName: readOnly(columns.text('account_object_name')),
            branch: readOnly(columns.code('organization_unit_code')),
            branchName: readOnly(columns.text('organization_unit_name')),
            amount: readOnly(money('debt_amount')),
            invoiceAmount: readOnly(money('invoice_debt_amount')),
            asOf: readOnly(columns.time('as_of')),
          },
        },
      ],
    },
    crm: {
      requires: ['customerDebts'],
      write: 'patch',
      resources: [debtsOf('Customers', 'account_number'), debtsOf('Contacts', 'contact_code')],
    },
  },
  references: [{ path: 'customer', entity: 'customer', missing: 'require', spelled: { accounting: 'id', crm: 'key' } }],
  dependsOn: ['customer'],
  policy: definePolicy({
    directions: [
      { from: 'accounting', to: 'crm', create: 'always', update: 'always', link: 'never', deactivate: 'never' },
    ],
  }),
  firstSync: { step: 3, directions: [] },
  settings: { section: 'receivables', schema: figureSettings },
  figure: {
    from: 'accounting',
    key: ['customer', 'branch'],
    values: ['amount', 'invoiceAmount'],
    time: 'asOf',
    subject: { code: 'customerCode', name: 'customerName' },
    place: { code: 'branch', name: 'branchName' },
  },
})
