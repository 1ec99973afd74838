import type { HoldReason, Row } from '@amis-sync/core'

/** Something was made of the document (delivery, receipt, invoice, also a draft): it takes no edit any more (contract §2.3.4, SO16). */
export function lockedByVouchers(row: Row): HoldReason | undefined {
  if (row.has_created_voucher !== true) return undefined
  return {
    code: 'DOCUMENT_LOCKED',
    text: {
      vi: 'Kế toán đã lập chứng từ giao hàng, thu tiền hoặc hóa đơn từ chứng từ này nên thay đổi chưa cập nhật được. Khi kế toán bỏ các chứng từ đó, thay đổi mới nhất tự được gửi.',
      en: 'A delivery, receipt or invoice was made from the document in Accounting, so the change waits. Once the accountant undoes it, the latest change goes by itself.',
    },
  }
}
