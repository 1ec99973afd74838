import { beyondHold } from '@amis-sync/amis-documents'
import type { Canonical, HoldReason } from '@amis-sync/core'

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
  return beyondHold(record)
}
