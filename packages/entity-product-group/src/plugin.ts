import { canonical, columns, defineEntityPlugin, definePolicy, field, shared } from '@amis-sync/core'
import { z } from 'zod'

const link = { onTrigger: ['first-sync', 'standardise'] }

/** Product groups, CRM ↔ Accounting (contract §4.4): at once, both ways (PG2, PG5). */
export const plugin = defineEntityPlugin({
  id: 'product-group',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Nhóm vật tư, hàng hóa, dịch vụ', en: 'Product groups' },
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
      requires: ['productCategories'],
      writeRequires: ['productWrite'],
      write: 'patch',
      resources: [
        {
          resource: 'ProductCategories',
          columns: {
            code: columns.code('category_code'),
            name: columns.text('category_name'),
            parent: columns.code('parent_code'),
            description: columns.text('description'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
    accounting: {
      requires: ['categories'],
      write: 'patch',
      resources: [
        {
          resource: 'InventoryItemCategories',
          columns: {
            code: columns.code('inventory_item_category_code'),
            name: columns.text('inventory_item_category_name'),
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
  references: [{ path: 'parent', entity: 'product-group', missing: 'pull' }],
  policy: definePolicy({
    directions: [
      { from: 'crm', to: 'accounting', create: 'always', update: 'always', link, deactivate: 'always' },
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
