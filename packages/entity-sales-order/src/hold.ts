import type { Canonical, HoldReason, Message } from '@amis-sync/core'

const names: Readonly<Record<string, Message>> = {
  overall: { vi: 'chiết khấu hoặc thuế trên toàn đơn', en: 'discount or tax on the whole order' },
  combo: { vi: 'hàng combo', en: 'combos' },
  return: { vi: 'hàng trả lại', en: 'returned goods' },
  serial: { vi: 'số sê-ri', en: 'serial numbers' },
}

/** Documents that are never half sent (contract §6.3): they wait, with the reason shown. */
export function holdReason(record: Canonical): HoldReason | undefined {
  if (record.parentOrder === true) {
    return {
      code: 'PARENT_ORDER',
      text: {
        vi: 'Đơn hàng cha không được gửi sang Kế toán; hãy đề nghị ghi doanh số trên các đơn hàng con.',
        en: 'A parent order is never sent to Accounting; request revenue recording on its child orders.',
      },
    }
  }
  const beyond = (record.beyond ?? []) as readonly string[]
  if (beyond.length === 0) return undefined
  const list = (language: keyof Message) => beyond.map((one) => names[one]?.[language] ?? one).join(', ')
  return {
    code: 'NOT_IN_CONTRACT',
    text: {
      vi: `Đơn hàng dùng nội dung chưa hỗ trợ: ${list('vi')}. Hãy bỏ nội dung đó hoặc nhập đơn trực tiếp trên Kế toán.`,
      en: `The order uses what is not supported: ${list('en')}. Take it out, or enter the order in Accounting by hand.`,
    },
  }
}
