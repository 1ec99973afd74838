import { beyondHold, isOlder } from '@amis-sync/amis-documents'
import { type Canonical, type HandlerContext, defineEntityPlugin, definePolicy } from '@amis-sync/core'
import { vouchers } from './accounting.ts'
import { crmSide } from './crm.ts'
import { backPaths, invoiceRequestFields, invoiceRequestSchema } from './fields.ts'
import { life } from './life.ts'
import { statusIn } from './statuses.ts'

const requested = { onTrigger: ['invoice-requested'] }

/** What Accounting's state says: only the way back. A decision about an older request than the CRM's present one is no news. */
function readState(state: Canonical, { other }: HandlerContext): Canonical {
  const { status, refusalReason, invoices } = state
  return {
    ...(status === undefined || isOlder(state, other) ? {} : { status, refusalReason: refusalReason ?? null }),
    ...(invoices === undefined ? {} : { invoices }),
  }
}

/** Invoice requests (contract §4.9, §4.13): to Accounting while requested, whole; the decision and the invoices come back. */
export const plugin = defineEntityPlugin({
  id: 'invoice-request',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Đề nghị xuất hóa đơn', en: 'Invoice requests' },
  kind: 'document',
  sides: ['crm', 'accounting'],
  schema: invoiceRequestSchema,
  fields: invoiceRequestFields,
  wire: {
    crm: crmSide,
    accounting: {
      requires: ['invoiceRequests'],
      write: 'replace',
      resources: [vouchers],
      derivedIds: ['lines[].key'],
      /** So that the first state, which says just this, is no news. */
      afterCreate: () => ({ invoices: [] }),
    },
  },
  references: [
    { path: 'customer', entity: 'customer', missing: 'pull' },
    { path: 'owner', entity: 'employee', missing: 'omit', via: { crm: 'system', accounting: 'accounting' } },
    { path: 'orders', entity: 'sales-order', missing: 'omit', joins: true, spelled: { crm: 'key', accounting: 'id' } },
    { path: 'lines[].product', entity: 'product', missing: 'pull' },
    { path: 'lines[].warehouse', entity: 'warehouse', missing: 'omit' },
    {
      path: 'lines[].order',
      entity: 'sales-order',
      missing: 'omit',
      joins: true,
      spelled: { crm: 'key', accounting: 'id' },
    },
  ],
  dependsOn: ['customer', 'product'],
  policy: definePolicy({
    directions: [
      { from: 'crm', to: 'accounting', create: requested, update: requested, link: 'never', deactivate: 'never' },
      {
        from: 'accounting',
        to: 'crm',
        create: 'never',
        update: 'always',
        link: 'never',
        deactivate: 'never',
        writeBack: backPaths,
      },
    ],
  }),
  firstSync: { step: 3, directions: [{ from: 'crm', to: 'accounting' }] },
  terms: { 'invoice-requested': { vi: 'khi đề nghị xuất hóa đơn', en: 'when it is sent to Accounting' } },
  handler: {
    /** `invoice-requested`: the salesperson sent it (IR1); a draft or decided request does not travel. */
    triggers(side, record) {
      const status = side === 'crm' ? statusIn(record.status) : undefined
      return status !== undefined && life.states[status].sends ? ['invoice-requested'] : []
    },
    hold: (side, record) => (side === 'crm' ? beyondHold(record) : undefined),
    derive: (side, record, context) => (side === 'accounting' ? readState(record, context) : record),
  },
})
