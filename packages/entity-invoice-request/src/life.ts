import { defineLife } from '@amis-sync/amis-documents'
import { statusTexts } from './statuses.ts'

const edit = { vi: 'sửa đề nghị', en: 'edits the request' }
const send = { vi: 'gửi đề nghị', en: 'sends the request' }
const approve = { vi: 'duyệt', en: 'approves it' }
const refuse = { vi: 'từ chối, nêu lý do', en: 'refuses it, with a reason' }
const invoice = { vi: 'lập hóa đơn', en: 'makes the invoice' }
const closed = { vi: 'Kế toán đã quyết định', en: 'Accounting has decided' }

/** Invoice requests (IR1, IR3, IR4, IR5; contract §4.9, §4.13). */
export const life = defineLife({
  initial: 'draft',
  states: {
    draft: { label: { vi: 'Bản nháp', en: 'Draft' }, text: statusTexts.draft, sends: false },
    requested: { label: { vi: 'Đã đề nghị', en: 'Requested' }, text: statusTexts.requested, sends: true },
    approved: { label: { vi: 'Đã duyệt', en: 'Approved' }, text: statusTexts.approved, sends: false },
    prepared: {
      label: { vi: 'Đã duyệt, hóa đơn còn nháp', en: 'Approved, with a draft invoice' },
      text: statusTexts.approved,
      sends: false,
    },
    refused: { label: { vi: 'Từ chối', en: 'Refused' }, text: statusTexts.refused, sends: false },
    invoiced: { label: { vi: 'Đã xuất hóa đơn', en: 'Invoiced' }, text: statusTexts.invoiced, sends: false },
  },
  steps: [
    { from: 'draft', event: 'edit', by: 'crm', to: 'draft', effects: [], label: edit },
    { from: 'draft', event: 'send', by: 'crm', to: 'requested', effects: ['send'], label: send },
    { from: 'requested', event: 'edit', by: 'crm', to: 'requested', effects: ['send'], label: edit },
    { from: 'requested', event: 'approve', by: 'accounting', to: 'approved', effects: ['tell'], label: approve },
    { from: 'requested', event: 'refuse', by: 'accounting', to: 'refused', effects: ['tell'], label: refuse },
    { from: 'requested', event: 'invoice', by: 'accounting', to: 'invoiced', effects: ['tell'], label: invoice },
    {
      from: 'requested',
      event: 'prepare',
      by: 'accounting',
      to: 'prepared',
      effects: ['tell'],
      label: { vi: 'lập hóa đơn nháp', en: 'makes a draft invoice' },
    },
    {
      from: 'prepared',
      event: 'issue',
      by: 'accounting',
      to: 'invoiced',
      effects: ['tell'],
      label: { vi: 'phát hành hóa đơn nháp', en: 'issues the draft invoice' },
    },
    { from: 'approved', event: 'edit', by: 'crm', to: 'approved', effects: [], label: edit, guard: closed },
    { from: 'approved', event: 'refuse', by: 'accounting', to: 'refused', effects: ['tell'], label: refuse },
    { from: 'approved', event: 'invoice', by: 'accounting', to: 'invoiced', effects: ['tell'], label: invoice },
    {
      from: 'invoiced',
      event: 'undo',
      by: 'accounting',
      to: 'approved',
      effects: ['tell'],
      label: { vi: 'bỏ hóa đơn', en: 'undoes the invoice' },
    },
    { from: 'invoiced', event: 'edit', by: 'crm', to: 'invoiced', effects: [], label: edit, guard: closed },
    { from: 'refused', event: 'edit', by: 'crm', to: 'refused', effects: [], label: edit, guard: closed },
    { from: 'refused', event: 'send', by: 'crm', to: 'requested', effects: ['send'], label: send },
    { from: 'refused', event: 'approve', by: 'accounting', to: 'approved', effects: ['tell'], label: approve },
  ],
})
