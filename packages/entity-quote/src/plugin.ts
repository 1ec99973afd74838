import {
  accountingDocument,
  beyondHold,
  crmDocument,
  documentShape,
  headerFields,
  isOfType,
  linesField,
  sent,
} from '@amis-sync/amis-documents'
import { type Message, canonical, columns, defineEntityPlugin, definePolicy, field } from '@amis-sync/core'
import { z } from 'zod'
import { statusTexts } from './statuses.ts'

const { readOnly, writeOnly } = columns
const label = (vi: string, en: string): Message => ({ vi, en })

/** Quotes (contract §4.7, §4.13): to Accounting on creation and on every edit, in any status; nothing comes back. */
export const plugin = defineEntityPlugin({
  id: 'quote',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Báo giá', en: 'Quotes' },
  kind: 'document',
  sides: ['crm', 'accounting'],
  schema: z.object({ ...documentShape, validUntil: canonical.date.nullish() }),
  fields: {
    number: field.code(sent, label('Số báo giá', 'Number')),
    date: field.date(sent, label('Ngày báo giá', 'Date')),
    validUntil: field.date(sent, label('Hiệu lực đến ngày', 'Valid until')),
    status: field.text(sent, label('Tình trạng', 'Status')),
    ...headerFields,
    lines: linesField(),
  },
  wire: {
    crm: {
      requires: ['quotes'],
      write: 'none',
      resources: [
        {
          resource: 'Quotes',
          columns: {
            ...crmDocument('quote_product_mappings'),
            number: readOnly(columns.code('quote_no')),
            date: readOnly(columns.date('quote_date')),
            validUntil: readOnly(columns.date('valid_until')),
            status: readOnly(columns.choice('status', statusTexts)),
          },
        },
      ],
    },
    accounting: {
      requires: ['quotes'],
      write: 'replace',
      derivedIds: ['lines[].key'],
      resources: [
        {
          resource: 'Vouchers',
          chosenId: true,
          accepts: isOfType(121),
          constants: {
            create: { voucher_type: 121, reftype: 9510 },
            update: { voucher_type: 121, reftype: 9510 },
          },
          columns: {
            ...accountingDocument(),
            validUntil: writeOnly(columns.date('valid_until')),
            status: writeOnly(columns.choice('quote_status', statusTexts)),
          },
        },
      ],
    },
  },
  references: [
    { path: 'customer', entity: 'customer', missing: 'pull' },
    { path: 'owner', entity: 'employee', missing: 'omit', via: { crm: 'system', accounting: 'accounting' } },
    { path: 'lines[].product', entity: 'product', missing: 'pull' },
    { path: 'lines[].warehouse', entity: 'warehouse', missing: 'omit' },
  ],
  dependsOn: ['customer', 'product'],
  policy: definePolicy({
    directions: [
      { from: 'crm', to: 'accounting', create: 'always', update: 'always', link: 'never', deactivate: 'never' },
    ],
  }),
  firstSync: { step: 3, directions: [{ from: 'crm', to: 'accounting' }] },
  handler: { hold: (side, record) => (side === 'crm' ? beyondHold(record) : undefined) },
})
