import { canonical, columns, defineEntityPlugin, definePolicy, field, figureSettings, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'

const owned = onlyFrom('accounting')
const { readOnly } = columns

/**
 * Stock on hand by product and warehouse, in the product's main unit, of all branches, Accounting → CRM (contract §4.10, ST1). A product
 * and a warehouse are named by their ids in Accounting: a new code changes no figure.
 */
export const plugin = defineEntityPlugin({
  id: 'inventory',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Tồn kho', en: 'Stock on hand' },
  kind: 'figure',
  sides: ['accounting', 'crm'],
  schema: z.object({
    product: canonical.text,
    warehouse: canonical.text,
    quantity: canonical.decimal,
  }),
  fields: {
    product: field.text(owned, { vi: 'Hàng hóa', en: 'Product' }),
    productCode: field.code(owned, { vi: 'Mã hàng', en: 'Product code' }),
    productName: field.text(owned, { vi: 'Tên hàng', en: 'Product name' }),
    warehouse: field.text(owned, { vi: 'Kho', en: 'Warehouse' }),
    warehouseCode: field.code(owned, { vi: 'Mã kho', en: 'Warehouse code' }),
    warehouseName: field.text(owned, { vi: 'Tên kho', en: 'Warehouse name' }),
    unit: field.text(owned, { vi: 'Đơn vị tính chính', en: 'Main unit' }),
    quantity: field.decimal(owned, { vi: 'Số lượng tồn', en: 'Quantity on hand' }),
    asOf: field.text(owned, { vi: 'Thời điểm', en: 'As of' }),
  },
  wire: {
    accounting: {
      write: 'none',
      resources: [
        {
          resource: 'InventoryBalances',
          columns: {
            product: readOnly(columns.guid('inventory_item_id')),
            productCode: readOnly(columns.code('inventory_item_code')),
            productName: readOnly(columns.text('inventory_item_name')),
            warehouse: readOnly(columns.guid('stock_id')),
            warehouseCode: readOnly(columns.code('stock_code')),
            warehouseName: readOnly(columns.text('stock_name')),
            unit: readOnly(columns.text('unit_name')),
            quantity: readOnly(columns.decimal('quantity_balance')),
            asOf: readOnly(columns.time('as_of')),
          },
        },
      ],
    },
    crm: {
      requires: ['stockWrite'],
      write: 'patch',
      resources: [
        {
          resource: 'ProductLedger',
          columns: {
            product: columns.code('product_code'),
            warehouse: columns.code('stock_code'),
            quantity: columns.decimal('quantity'),
            asOf: columns.time('as_of'),
          },
        },
      ],
    },
  },
  references: [
    { path: 'product', entity: 'product', missing: 'require', spelled: { accounting: 'id', crm: 'key' } },
    { path: 'warehouse', entity: 'warehouse', missing: 'require', spelled: { accounting: 'id', crm: 'key' } },
  ],
  dependsOn: ['product', 'warehouse'],
  policy: definePolicy({
    directions: [
      { from: 'accounting', to: 'crm', create: 'always', update: 'always', link: 'never', deactivate: 'never' },
    ],
  }),
  firstSync: { step: 3, directions: [] },
  settings: { section: 'inventory', schema: figureSettings },
  figure: {
    from: 'accounting',
    key: ['product', 'warehouse'],
    values: ['quantity'],
    time: 'asOf',
    subject: { code: 'productCode', name: 'productName' },
    place: { code: 'warehouseCode', name: 'warehouseName' },
    unit: 'unit',
  },
})
