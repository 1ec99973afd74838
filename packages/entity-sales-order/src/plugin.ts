import { defineEntityPlugin, definePolicy } from '@amis-sync/core'
import { z } from 'zod'
import { vouchers } from './accounting.ts'
import { countRequests } from './count-requests.ts'
import { crmSide } from './crm.ts'
import { backPaths, salesOrderFields, salesOrderSchema } from './fields.ts'
import { holdReason } from './hold.ts'
import { life } from './life.ts'
import { readState, stateAfterCreate } from './state.ts'
import { revenueOf } from './statuses.ts'
import { withdrawalAnswer } from './withdrawal.ts'

/** The tenant file's section `salesOrders`. */
const salesOrderSettings = z.object({
  recordAs: z.enum(['order', 'contract']).default('order').meta({
    description:
      'Ghi nhận đơn hàng CRM thành đơn đặt hàng hay hợp đồng bán / record CRM orders as orders or contracts (SO1)',
  }),
  deliveredFrom: z.enum(['sales', 'stock']).default('sales').meta({
    description:
      'Số lượng giao lấy từ chứng từ bán hàng hay phiếu xuất kho / delivered quantity from sales vouchers or stock issues (SO17)',
  }),
})

const requested = { onTrigger: ['revenue-requested'] }

/**
 * Sales orders and contracts (contract §4.8, §4.13): to Accounting while revenue recording is requested or done, whole documents;
 * back to the CRM exactly the fields of {@link backPaths}.
 */
export const plugin = defineEntityPlugin({
  id: 'sales-order',
  version: '0.1.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Đơn đặt hàng, hợp đồng', en: 'Sales orders and contracts' },
  kind: 'document',
  sides: ['crm', 'accounting'],
  schema: salesOrderSchema,
  fields: salesOrderFields,
  wire: {
    crm: crmSide,
    accounting: {
      modeRequires: { contract: 'contracts' },
      write: 'replace',
      resources: [vouchers],
      derivedIds: ['lines[].key'],
      afterCreate: stateAfterCreate,
    },
  },
  references: [
    { path: 'customer', entity: 'customer', missing: 'pull' },
    { path: 'owner', entity: 'employee', missing: 'omit', via: { crm: 'system', accounting: 'accounting' } },
    { path: 'quote', entity: 'quote', missing: 'omit', joins: true, spelled: { crm: 'key', accounting: 'id' } },
    { path: 'lines[].product', entity: 'product', missing: 'pull' },
    { path: 'lines[].warehouse', entity: 'warehouse', missing: 'omit' },
  ],
  dependsOn: ['customer', 'product'],
  policy: definePolicy({
    directions: [
      {
        from: 'crm',
        to: 'accounting',
        create: requested,
        update: requested,
        link: 'never',
        deactivate: 'never',
        remove: { onTrigger: ['revenue-withdrawn'] },
      },
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
  settings: {
    section: 'salesOrders',
    schema: salesOrderSettings,
    readBy: { side: 'accounting', names: ['deliveredFrom'] },
  },
  terms: {
    'revenue-withdrawn': { vi: 'khi thu hồi đề nghị ghi doanh số', en: 'when the request is withdrawn' },
    'revenue-requested': { vi: 'khi đề nghị ghi doanh số', en: 'when revenue recording is requested' },
    order: { vi: 'đơn đặt hàng', en: 'order' },
    contract: { vi: 'hợp đồng bán', en: 'contract' },
  },
  handler: {
    /**
     * `revenue-requested`: revenue recording is requested or done (§4.13); a draft or refused order does not travel (SO2).
     * `revenue-withdrawn`: the request is to be withdrawn (SO12); until that is answered nothing else of the order travels.
     */
    triggers(side, record) {
      if (side !== 'crm' || record.parentOrder === true) return []
      if (record.withdrawRequested === true) return ['revenue-withdrawn']
      const revenue = revenueOf(record.revenueStatus)
      return revenue !== undefined && life.states[revenue].sends ? ['revenue-requested'] : []
    },
    hold: (side, record) => (side === 'crm' ? holdReason(record) : undefined),
    derive: (side, record, context) =>
      side === 'accounting' ? readState(record, context) : countRequests(record, context),
    answer: (_side, refusal) => withdrawalAnswer(refusal),
    mode: ({ settings }) => (settings.recordAs === 'contract' ? 'contract' : 'order'),
  },
})
