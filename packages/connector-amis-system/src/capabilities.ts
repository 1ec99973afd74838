import type { Capability, Clock } from '@amis-sync/core'
import type { SystemApi } from './api.ts'
import type { SystemConfig } from './config.ts'

const dayMs = 86_400_000
const future = '2999-01-01T00:00:00.000+07:00'

export interface Capabilities {
  all(): Promise<readonly Capability[]>
  /** A good delivery arrived. */
  delivered(): void
}

/** Contract §6.1 for System. Everything here is assumed. Probed when first asked, then daily. */
export function createCapabilities(api: SystemApi, config: SystemConfig, clock: Clock): Capabilities {
  let probed: { readonly on: boolean; readonly until: number } | undefined
  let deliveredAt: number | undefined

  const modifiedFrom = async (): Promise<Capability> => {
    const told = config.capabilities.modifiedFrom
    if (told !== undefined) return { flag: 'modifiedFrom', on: told, source: 'config', assumed: true }
    if (probed === undefined || clock.now() >= probed.until) {
      const { items } = await api.list('/employees', { limit: 1, modifiedFrom: future })
      probed = { on: items.length === 0, until: clock.now() + dayMs }
    }
    return { flag: 'modifiedFrom', on: probed.on, source: 'probe', assumed: true }
  }

  const webhooks = (): Capability => {
    const told = config.capabilities.webhooks
    if (told !== undefined) return { flag: 'webhooks', on: told, source: 'config', assumed: true }
    const seen = deliveredAt !== undefined && clock.now() - deliveredAt < dayMs
    return {
      flag: 'webhooks',
      on: config.webhookSecret !== undefined,
      source: seen ? 'probe' : 'default',
      assumed: true,
    }
  }

  return {
    all: async () => [await modifiedFrom(), webhooks()],
    delivered() {
      deliveredAt = clock.now()
    },
  }
}
