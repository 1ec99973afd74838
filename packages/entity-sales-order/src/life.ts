import { defineLife } from '@amis-sync/amis-documents'
import { revenueTexts } from './statuses.ts'

const used = {
  vi: 'Kế toán đã lập chứng từ giao hàng, thu tiền hoặc hóa đơn',
  en: 'a delivery, receipt or invoice was made from it',
}
const edit = { vi: 'sửa đơn hàng', en: 'edits the order' }
const request = { vi: 'đề nghị ghi doanh số', en: 'requests revenue recording' }
const record = { vi: 'ghi doanh số', en: 'records the revenue' }
const refuse = { vi: 'từ chối ghi, nêu lý do', en: 'refuses, with a reason' }
const withdraw = { vi: 'thu hồi đề nghị', en: 'withdraws the request' }

/** Sales orders and contracts (SO2, SO6, SO12, SO13, SO16; contract §1.6.2, §4.13). */
export const life = defineLife({
  initial: 'draft',
  states: {
    draft: { label: { vi: 'Bản nháp', en: 'Draft' }, text: revenueTexts.draft, sends: false },
    requested: { label: { vi: 'Đề nghị ghi', en: 'Requested' }, text: revenueTexts.requested, sends: true },
    used: {
      label: { vi: 'Đề nghị ghi, đã phát sinh chứng từ', en: 'Requested, with vouchers' },
      text: revenueTexts.requested,
      sends: true,
    },
    recorded: { label: { vi: 'Đã ghi', en: 'Recorded' }, text: revenueTexts.recorded, sends: true },
    refused: { label: { vi: 'Từ chối ghi', en: 'Refused' }, text: revenueTexts.refused, sends: false },
  },
  steps: [
    { from: 'draft', event: 'edit', by: 'crm', to: 'draft', effects: [], label: edit },
    { from: 'draft', event: 'request', by: 'crm', to: 'requested', effects: ['send'], label: request },
    { from: 'requested', event: 'edit', by: 'crm', to: 'requested', effects: ['send'], label: edit },
    { from: 'requested', event: 'record', by: 'accounting', to: 'recorded', effects: ['tell'], label: record },
    { from: 'requested', event: 'refuse', by: 'accounting', to: 'refused', effects: ['tell'], label: refuse },
    { from: 'requested', event: 'withdraw', by: 'crm', to: 'draft', effects: ['ask', 'tell'], label: withdraw },
    {
      from: 'requested',
      event: 'receive',
      by: 'accounting',
      to: 'used',
      effects: ['tell'],
      label: { vi: 'lập chứng từ từ đơn hàng', en: 'makes a voucher from it' },
    },
    { from: 'used', event: 'edit', by: 'crm', to: 'used', effects: [], label: edit, guard: used },
    { from: 'used', event: 'withdraw', by: 'crm', to: 'used', effects: ['ask', 'tell'], label: withdraw, guard: used },
    {
      from: 'used',
      event: 'undo',
      by: 'accounting',
      to: 'requested',
      effects: ['tell'],
      label: { vi: 'bỏ các chứng từ đã lập', en: 'undoes the vouchers' },
    },
    { from: 'recorded', event: 'edit', by: 'crm', to: 'recorded', effects: ['send'], label: edit },
    { from: 'recorded', event: 'refuse', by: 'accounting', to: 'refused', effects: ['tell'], label: refuse },
    { from: 'refused', event: 'edit', by: 'crm', to: 'refused', effects: [], label: edit },
    { from: 'refused', event: 'request', by: 'crm', to: 'requested', effects: ['send'], label: request },
    { from: 'refused', event: 'record', by: 'accounting', to: 'recorded', effects: ['tell'], label: record },
  ],
})
