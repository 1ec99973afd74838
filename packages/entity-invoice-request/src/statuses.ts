import { answerIn, answerTo } from '@amis-sync/amis-documents'

/** Texts of the CRM (contract §1.6), by canonical name. */
export const statusTexts = {
  draft: 'Bản nháp',
  requested: 'Đã đề nghị',
  approved: 'Đã duyệt',
  refused: 'Từ chối',
  invoiced: 'Đã xuất hóa đơn',
} as const

export type Status = keyof typeof statusTexts

/** `decision` of Accounting (contract §2.4). 0 is none: draft and request belong to the CRM (§4.9). */
const decisions: Readonly<Record<number, Status | undefined>> = { 1: 'approved', 2: 'refused', 3: 'invoiced' }

/** `undefined` = pending, `null` = a number that we do not know. */
export function decidedBy(decision: unknown): Status | undefined | null {
  const number = Number(decision ?? 0)
  return number === 0 ? undefined : (decisions[number] ?? null)
}

/** What Accounting decided names the request that it answers, as for orders (SO13); draft and request are the bare name. */
export function statusOf(status: Status, requestSeq: unknown): string {
  return status === 'draft' || status === 'requested' ? status : answerTo(status, requestSeq)
}

export function statusIn(value: unknown): Status | undefined {
  return answerIn(statusTexts, value)
}
