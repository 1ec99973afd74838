import { canonical, columns, defineEntityPlugin, definePolicy, field, shared } from '@amis-sync/core'
import { z } from 'zod'

/** A group goes along with its customers, and a parent with its child (CG3, CG5). */
const pulled = { ifPulled: ['customer', 'customer-group'] }
/** Towards CRM also with a price policy that names it (contract §4.12). */
const pulledToCrm = { ifPulled: [...pulled.ifPulled, 'price-policy'] }
const asked = { onTrigger: ['manual', 'first-sync'] }
const link = { onTrigger: ['first-sync', 'standardise'] }

/** Customer groups, CRM ↔ Accounting (contract §4.3): they move only with a customer, by hand, or in the first sync from CRM. */
export const plugin = defineEntityPlugin({
  id: 'customer-group',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Nhóm khách hàng', en: 'Customer groups' },
  kind: 'catalogue',
  sides: ['crm', 'accounting'],
  schema: z.object({
    code: canonical.code,
    name: canonical.text,
    parent: canonical.code.nullish(),
    description: canonical.text.nullish(),
    active: canonical.flag.nullish(),
  }),
  fields: {
    code: field.code(shared, { vi: 'Mã nhóm', en: 'Code' }),
    name: field.text(shared, { vi: 'Tên nhóm', en: 'Name' }),
    parent: field.code(shared, { vi: 'Thuộc nhóm', en: 'Parent group' }),
    description: field.text(shared, { vi: 'Diễn giải', en: 'Description' }),
    active: field.flag(shared, { vi: 'Đang sử dụng', en: 'In use' }),
  },
  wire: {
    crm: {
      requires: ['customerGroups'],
      write: 'patch',
      resources: [
        {
          resource: 'CustomerGroups',
          columns: {
            code: columns.code('group_code'),
            name: columns.text('group_name'),
            parent: columns.code('parent_code'),
            description: columns.text('description'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
    accounting: {
      requires: ['groups'],
      write: 'patch',
      resources: [
        {
          resource: 'AccountObjectGroups',
          columns: {
            code: columns.code('account_object_group_code'),
            name: columns.text('account_object_group_name'),
            parent: columns.code('parent_code'),
            description: columns.text('description'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
  },
  match: ['code'],
  matching: {
    fields: [
      { field: 'code', as: 'code', prefer: 'accounting' },
      { field: 'name', as: 'itemName' },
    ],
  },
  references: [{ path: 'parent', entity: 'customer-group', missing: 'pull', refresh: true }],
  policy: definePolicy({
    directions: [
      { from: 'crm', to: 'accounting', create: [pulled, asked], update: [pulled, asked], link, deactivate: 'always' },
      {
        from: 'accounting',
        to: 'crm',
        create: [pulledToCrm, { onTrigger: ['manual'] }],
        update: [pulledToCrm, { onTrigger: ['manual'] }],
        link,
        deactivate: 'always',
      },
    ],
  }),
  firstSync: { step: 2, directions: [{ from: 'crm', to: 'accounting' }] },
  activeField: 'active',
})
