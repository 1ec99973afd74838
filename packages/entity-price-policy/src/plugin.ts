import { type Message, canonical, columns, defineEntityPlugin, definePolicy, field, onlyFrom } from '@amis-sync/core'
import { z } from 'zod'
import { accountingItems, crmItems } from './items.ts'

/** Accounting owns policies; an edit in the CRM reaches nobody, and is overwritten with the next change in Accounting. */
const owned = onlyFrom('accounting', { reassert: true })
const label = (vi: string, en: string): Message => ({ vi, en })
const { readOnly } = columns

const amount = canonical.decimal.nullish()

/** Exactly one of price and discount (contract §1.5.8). */
const item = z
  .object({
    product: canonical.code,
    unit: canonical.code,
    fromQuantity: canonical.decimal,
    toQuantity: amount,
    price: amount,
    discount: amount,
  })
  .refine(({ price, discount }) => ((price ?? null) === null) !== ((discount ?? null) === null), {
    path: ['price'],
    message: 'exactly one of price and discount',
  })

/** Price policies, Accounting → CRM (contract §4.12). */
export const plugin = defineEntityPlugin({
  id: 'price-policy',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Chính sách giá', en: 'Price policies' },
  kind: 'catalogue',
  sides: ['accounting', 'crm'],
  schema: z.object({
    code: canonical.code,
    name: canonical.text,
    from: canonical.date.nullish(),
    to: canonical.date.nullish(),
    description: canonical.text.nullish(),
    active: canonical.flag.nullish(),
    applyTo: z.enum(['all', 'customers', 'groups']),
    customers: canonical.codes.nullish(),
    groups: canonical.codes.nullish(),
    items: z.array(item).min(1),
  }),
  fields: {
    code: field.code(owned, label('Mã chính sách', 'Code')),
    name: field.text(owned, label('Tên chính sách', 'Name')),
    from: field.date(owned, label('Áp dụng từ ngày', 'From')),
    to: field.date(owned, label('Áp dụng đến ngày', 'To')),
    description: field.text(owned, label('Diễn giải', 'Description')),
    active: field.flag(owned, label('Đang sử dụng', 'In use')),
    applyTo: field.text(owned, label('Áp dụng cho', 'Applies to')),
    customers: field.codes(owned, label('Khách hàng áp dụng', 'Customers')),
    groups: field.codes(owned, label('Nhóm khách hàng áp dụng', 'Customer groups')),
    items: field.list(
      owned,
      'key',
      {
        key: field.text(owned),
        product: field.code(owned),
        unit: field.code(owned),
        fromQuantity: field.decimal(owned),
        toQuantity: field.decimal(owned),
        price: field.decimal(owned),
        discount: field.decimal(owned),
      },
      label('Bảng giá', 'Items'),
    ),
  },
  wire: {
    accounting: {
      requires: ['pricePolicies'],
      write: 'none',
      resources: [
        {
          resource: 'PricePolicies',
          columns: {
            code: readOnly(columns.code('policy_code')),
            name: readOnly(columns.text('policy_name')),
            from: readOnly(columns.date('from_date')),
            to: readOnly(columns.date('to_date')),
            description: readOnly(columns.text('description')),
            active: readOnly(columns.negated('inactive')),
            applyTo: readOnly(columns.choice('apply_to', { all: 0, customers: 1, groups: 2 })),
            customers: readOnly(columns.codeArray('account_object_codes')),
            groups: readOnly(columns.codeArray('account_object_group_codes')),
            items: accountingItems,
          },
        },
      ],
    },
    crm: {
      requires: ['pricePolicies'],
      write: 'patch',
      resources: [
        {
          resource: 'PricePolicies',
          columns: {
            code: columns.code('policy_code'),
            name: columns.text('policy_name'),
            from: columns.date('from_date'),
            to: columns.date('to_date'),
            description: columns.text('description'),
            active: columns.negated('inactive'),
            applyTo: columns.choice('apply_to', { all: 'all', customers: 'customers', groups: 'groups' }),
            customers: columns.codeArray('account_numbers'),
            groups: columns.codeArray('group_codes'),
            items: crmItems,
          },
        },
      ],
    },
  },
  match: ['code'],
  references: [
    { path: 'customers', entity: 'customer', missing: 'require' },
    { path: 'groups', entity: 'customer-group', missing: 'pull' },
    { path: 'items[].product', entity: 'product', missing: 'require' },
  ],
  dependsOn: ['customer', 'customer-group', 'product'],
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
