import type { ChangeHint, SystemId } from '@amis-sync/core'
import { applyLateOutcomes } from './outcomes.ts'
import type { TenantContext } from './tenant-context.ts'

/** Handles all stored deliveries: outcomes at once, hints through `onHints`; a delivery is done when both are safe in the store. */
export async function takeDeliveries(
  context: TenantContext,
  onHints: (system: SystemId, hints: readonly ChangeHint[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    const entries = await context.store.inbox.pending(200)
    if (entries.length === 0) return
    for (const [system, ones] of Map.groupBy(entries, (entry) => entry.system)) {
      await applyLateOutcomes(
        context,
        system,
        ones.flatMap((entry) => entry.outcomes),
      )
      await onHints(
        system,
        ones.flatMap((entry) => entry.hints),
      )
    }
    await context.store.inbox.done(entries.map((entry) => entry.id))
  }
}
