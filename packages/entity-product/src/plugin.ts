import { type Canonical, columns, defineEntityPlugin, definePolicy } from '@amis-sync/core'
import { productFields, productSchema } from './fields.ts'
import { completeGroup } from './group.ts'

const link = { onTrigger: ['first-sync', 'standardise'] }

const category = columns.code('product_category_code')

/** The CRM's one group as a list; written by code in both of its columns (§1.4 rule 3). */
const categoryCode = columns.custom(['product_category_code', 'product_category'], {
  decode(row) {
    const code = category.decode!(row)
    return code === undefined ? undefined : code === null ? [] : [code]
  },
  encode(groups) {
    const first = ((groups ?? []) as readonly string[])[0] ?? null
    return { product_category_code: first, product_category: first }
  },
})

/** Accounting refuses an item whose units it does not have: they travel in front of it, in the same call (PR6). */
function unitsOfMeasure({ unit, units }: Canonical) {
  const names = [unit, ...((units ?? []) as readonly Canonical[]).map((one) => one.unit)]
  const known = new Set(names.filter((name): name is string => typeof name === 'string'))
  return [...known].map((name) => ({ resource: 'Units', row: { unit_name: name } }))
}

/** Products and services, CRM ↔ Accounting (contract §4.6): at once, both ways (PR2, PR5). */
export const plugin = defineEntityPlugin({
  id: 'product',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Hàng hóa, dịch vụ', en: 'Products and services' },
  kind: 'catalogue',
  sides: ['crm', 'accounting'],
  schema: productSchema,
  fields: productFields,
  wire: {
    crm: {
      writeRequires: ['productWrite'],
      write: 'patch',
      resources: [
        {
          resource: 'Products',
          columns: {
            code: columns.code('product_code'),
            name: columns.text('product_name'),
            kind: columns.choice('product_properties', {
              goods: 'Hàng hóa',
              finished: 'Thành phẩm',
              service: 'Dịch vụ',
              material: 'Nguyên vật liệu',
            }),
            unit: columns.code('usage_unit'),
            units: columns.list('conversion_units', {
              unit: columns.code('usage_unit'),
              ratio: columns.decimal('ratio'),
              operator: columns.operator('operator'),
            }),
            price: columns.decimal('unit_price', 4),
            price1: columns.decimal('unit_price1', 4),
            price2: columns.decimal('unit_price2', 4),
            priceFixed: columns.decimal('unit_price_fixed', 4),
            cost: columns.decimal('unit_cost', 4),
            vat: columns.vatText('tax'),
            group: categoryCode,
            serial: columns.flag('is_follow_serial_number'),
            description: columns.text('sale_description'),
            active: columns.negated('inactive'),
          },
        },
      ],
    },
    accounting: {
      write: 'patch',
      resources: [
        {
          resource: 'InventoryItems',
          companions: unitsOfMeasure,
          columns: {
            code: columns.code('inventory_item_code'),
            name: columns.text('inventory_item_name'),
            kind: columns.choice('inventory_item_type', { goods: 0, finished: 1, service: 2, material: 3 }),
            unit: columns.code('unit_name'),
            units: columns.list('unit_list', {
              unit: columns.code('unit_name'),
              ratio: columns.decimal('convert_rate'),
              operator: columns.operator('operator'),
            }),
            price: columns.decimal('sale_price1', 4),
            price1: columns.decimal('sale_price2', 4),
            price2: columns.decimal('sale_price3', 4),
            priceFixed: columns.decimal('fixed_sale_price', 4),
            cost: columns.decimal('unit_price', 4),
            vat: columns.vatRates('tax_rate', 'other_tax_rate'),
            group: columns.codeList('inventory_item_category_code_list'),
            serial: columns.flag('is_follow_serial_number'),
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
      { field: 'unit', as: 'unit' },
    ],
  },
  references: [{ path: 'group', entity: 'product-group', missing: 'pull' }],
  dependsOn: ['product-group'],
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
  handler: { derive: (side, record, context) => (side === 'crm' ? completeGroup(record, context) : record) },
})
