import { type LifeStep, defineLife } from '@amis-sync/amis-documents'
import type { Message } from '@amis-sync/core'
import { statusTexts } from './statuses.ts'

type State = keyof typeof statusTexts
const states = Object.keys(statusTexts) as State[]

const state = (name: State, en: string) => ({
  label: { vi: statusTexts[name], en },
  text: statusTexts[name],
  sends: true,
})

const labels: Readonly<Record<State, Message>> = {
  draft: { vi: 'đưa về bản nháp', en: 'makes it a draft again' },
  sent: { vi: 'gửi cho khách', en: 'sends it to the customer' },
  accepted: { vi: 'ghi nhận khách chấp nhận', en: 'notes that it was accepted' },
  refused: { vi: 'ghi nhận khách từ chối', en: 'notes that it was refused' },
}

/** From any status to any other: the quote goes each time, and nothing comes back. */
const moves = states.flatMap((from) =>
  states
    .filter((to) => to !== from)
    .map((to): LifeStep<State> => ({ from, event: to, by: 'crm', to, effects: ['send'], label: labels[to] })),
)

const edits = states.map((from): LifeStep<State> => ({
  from,
  event: 'edit',
  by: 'crm',
  to: from,
  effects: ['send'],
  label: { vi: 'sửa báo giá', en: 'edits the quote' },
}))

/** Quotes (QU1; contract §4.7, §4.13). Accounting never locks one, and decides nothing about it. */
export const life = defineLife({
  initial: 'draft',
  states: {
    draft: state('draft', 'Draft'),
    sent: state('sent', 'Sent'),
    accepted: state('accepted', 'Accepted'),
    refused: state('refused', 'Refused'),
  },
  steps: [...edits, ...moves],
})
