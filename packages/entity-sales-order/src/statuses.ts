import { answerIn, answerTo } from '@amis-sync/amis-documents'

/** Texts of the CRM (contract §1.6) and numbers of Accounting (§2.4, §4.8), by canonical name. */
export const statusTexts = {
  notStarted: 'Chưa thực hiện',
  inProgress: 'Đang thực hiện',
  done: 'Đã thực hiện',
  cancelled: 'Đã hủy bỏ',
  deliveredInFull: 'Đã giao đủ hàng',
} as const

export const statusNumbers = { notStarted: 0, inProgress: 1, done: 2, deliveredInFull: 2, cancelled: 3 } as const

export const revenueTexts = {
  draft: 'Bản nháp',
  requested: 'Đề nghị ghi',
  recorded: 'Đã ghi',
  refused: 'Từ chối ghi',
} as const

export const deliveryTexts = {
  none: 'Chưa giao hàng',
  delivering: 'Đang giao hàng',
  delivered: 'Đã giao hàng',
} as const
export const deliveryNumbers = { none: 0, delivering: 1, delivered: 2 } as const

export const payTexts = { unpaid: 'Chưa thanh toán', partly: 'Đã thanh toán một phần', paid: 'Đã thanh toán' } as const

export type Status = keyof typeof statusTexts
export type Revenue = keyof typeof revenueTexts

/** What Accounting decided names the request that it answers (SO13); what belongs to the CRM is the bare name. */
export function decisionOf(revenue: Revenue, requestSeq: unknown): string {
  return revenue === 'recorded' || revenue === 'refused' ? answerTo(revenue, requestSeq) : revenue
}

export function revenueOf(decision: unknown): Revenue | undefined {
  return answerIn(revenueTexts, decision)
}

/** Status 2 of Accounting is "delivered in full" while money is still to come (§4.8). `undefined` = unknown number. */
export function statusFrom(number: number, delivered: number, remaining: number): Status | undefined {
  switch (number) {
    case 0:
      return 'notStarted'
    case 1:
      return 'inProgress'
    case 2:
      return delivered === deliveryNumbers.delivered && remaining > 0 ? 'deliveredInFull' : 'done'
    case 3:
      return 'cancelled'
    default:
      return undefined
  }
}
