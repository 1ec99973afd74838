import { canonical, columns, defineEntityPlugin, definePolicy, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'

/** Accounting owns warehouses; an edit in the CRM reaches nobody, and is overwritten with the next change in Accounting. */
const owned = onlyFrom('accounting', { reassert: true })
const { readOnly } = columns

/**
 * Warehouses, Accounting → CRM (contract §4.10): the CRM's row carries Accounting's id in `async_id`, and is there before a balance that
 * names it.
 */
export const plugin = defineEntityPlugin({
  id: 'warehouse',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Kho', en: 'Warehouses' },
  kind: 'catalogue',
  sides: ['accounting', 'crm'],
  schema: z.object({
    syncId: canonical.text,
    code: canonical.code,
    name: canonical.text,
    active: canonical.flag.nullish(),
  }),
  fields: {
    syncId: field.text(owned, { vi: 'Mã định danh của kho trên Kế toán', en: 'Id in Accounting' }),
    code: field.code(owned, { vi: 'Mã kho', en: 'Code' }),
    name: field.text(owned, { vi: 'Tên kho', en: 'Name' }),
    active: field.flag(owned, { vi: 'Đang sử dụng', en: 'In use' }),
  },
  wire: {
    accounting: {
      write: 'none',
      resources: [
        {
          resource: 'Stocks',
          columns: {
            syncId: readOnly(columns.guid('stock_id')),
            code: readOnly(columns.code('stock_code')),
            name: readOnly(columns.text('stock_name')),
            active: readOnly(columns.negated('inactive')),
          },
        },
      ],
    },
    crm: {
      requires: ['stockWrite'],
      write: 'patch',
      resources: [
        {
          resource: 'Stocks',
          columns: {
            syncId: columns.guid('async_id'),
            code: columns.code('stock_code'),
            name: columns.text('stock_name'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
  },
  match: ['syncId', 'code'],
  policy: definePolicy({
    directions: [
      {
        from: 'accounting',
        to: 'crm',
        create: 'always',
        update: 'always',
        link: { onTrigger: ['first-sync', 'standardise'] },
        deactivate: 'always',
      },
    ],
  }),
  firstSync: { step: 2, directions: [{ from: 'accounting', to: 'crm' }] },
  activeField: 'active',
})
