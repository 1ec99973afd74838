import type { Connection, ConnectionContext, Connector, Delivery, Received } from '@amis-sync/core'
import { changeHint, verifyWebhook } from '@amis-sync/http-client'
import { createApi } from './api.ts'
import { createCapabilities } from './capabilities.ts'
import { checkConnection } from './check.ts'
import { configSchema } from './config.ts'
import type { SystemConfig } from './config.ts'
import { createReading } from './reading.ts'
import { findResource, resources } from './resources.ts'

function open(config: SystemConfig, context: ConnectionContext): Connection {
  const api = createApi(config, context)
  const capabilities = createCapabilities(api, config, context.clock)
  const names = new Set(resources.map((resource) => resource.name))
  const { webhookSecret } = config

  const receive =
    (secret: string) =>
    (delivery: Delivery): Received => {
      const webhook = verifyWebhook(delivery, secret, api.name)
      const hint = changeHint(webhook, api.name)
      capabilities.delivered()
      const known = hint !== undefined && findResource(hint.resource) !== undefined
      return { deliveryId: webhook.id, hints: known ? [{ ...hint, id: hint.id.toLowerCase() }] : [], outcomes: [] }
    }

  return {
    system: 'system',
    ...(config.requestsPerMinute === undefined ? {} : { requestsPerMinute: config.requestsPerMinute }),
    changeFeeds: names,
    readable: names,
    absenceIsProof: names,
    ...createReading(api),
    ...(webhookSecret === undefined ? {} : { receive: receive(webhookSecret) }),
    check: () => checkConnection(api, config),
    capabilities: () => capabilities.all(),
    close: () => api.transport.close(),
  }
}

/**
 * AMIS System: organisation units and employees, read only (contract §3). No public contract of it is known: the whole interface is
 * assumed, and says so wherever a person meets it.
 */
export const connector: Connector<SystemConfig> = {
  id: 'amis-system',
  version: '0.1.0',
  system: 'system',
  labels: { vi: 'AMIS Hệ thống (giả định)', en: 'AMIS System (assumed)' },
  configSchema,
  open,
}
