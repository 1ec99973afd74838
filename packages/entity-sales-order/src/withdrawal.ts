import type { Canonical } from '@amis-sync/core'

/** What the CRM is told of a withdrawal (contract §1.6.2): exactly this. `refusal` = Accounting's own reason; without it, granted. */
export function withdrawalAnswer(refusal: string | undefined): Canonical {
  return refusal === undefined
    ? { revenueStatus: 'draft', withdrawRequested: false, withdrawRefusal: null }
    : { withdrawRequested: false, withdrawRefusal: refusal }
}
