import { defineEntityPlugin, definePolicy } from '@amis-sync/core'
import { accountingSide } from './accounting.ts'
import { crmSide } from './crm.ts'
import { customerFields, customerSchema } from './fields.ts'

const link = { onTrigger: ['first-sync', 'standardise'] }

/** Customers, CRM ↔ Accounting (contract §4.5). From CRM only once a document needs them, or by hand (CU2, CU3, CU5). */
export const plugin = defineEntityPlugin({
  id: 'customer',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Khách hàng', en: 'Customers' },
  kind: 'catalogue',
  sides: ['crm', 'accounting'],
  schema: customerSchema,
  fields: customerFields,
  wire: { crm: crmSide, accounting: accountingSide },
  match: ['code'],
  matching: {
    fields: [
      { field: 'code', as: 'code', prefer: 'accounting' },
      { field: 'taxCode', as: 'taxCode' },
      { field: 'name', as: 'partyName' },
      { field: 'phone', as: 'phone' },
      { field: 'email', as: 'email' },
      { field: 'address', as: 'address' },
      { field: 'province', as: 'place' },
      { field: 'kind', as: 'kind' },
    ],
  },
  identity: ['taxCode', 'name'],
  references: [
    { path: 'groups', entity: 'customer-group', missing: 'pull', refresh: true },
    { path: 'owner', entity: 'employee', missing: 'omit', via: { crm: 'system', accounting: 'accounting' } },
  ],
  dependsOn: ['customer-group'],
  policy: definePolicy({
    directions: [
      {
        from: 'crm',
        to: 'accounting',
        create: [{ ifPulled: ['quote', 'sales-order', 'invoice-request'] }, { onTrigger: ['manual', 'first-sync'] }],
        update: 'always',
        link,
        deactivate: 'always',
      },
      { from: 'accounting', to: 'crm', create: 'always', update: 'always', link, deactivate: 'always' },
    ],
  }),
  firstSync: {
    step: 2,
    directions: [
      { from: 'crm', to: 'accounting' },
      { from: 'accounting', to: 'crm' },
    ],
  },
  activeField: 'active',
})
