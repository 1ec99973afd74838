import type { ChangeHint, Connection, ConnectionContext, Connector, Received } from '@amis-sync/core'
import { changeHint, verifyWebhook } from '@amis-sync/http-client'
import { createApi } from './api.ts'
import { createCapabilities } from './capabilities.ts'
import { createChanges } from './changes.ts'
import { checkConnection } from './check.ts'
import { configSchema } from './config.ts'
import type { CrmConfig } from './config.ts'
import { createListing } from './listing.ts'
import { readDeletions } from './deleted-feed.ts'
import { createLookup } from './lookup.ts'
import { findResource, resources } from './resources.ts'
import { createWriter } from './writer.ts'

function names(fits: (resource: (typeof resources)[number]) => boolean): ReadonlySet<string> {
  return new Set(resources.filter(fits).map((resource) => resource.name))
}

function open(config: CrmConfig, context: ConnectionContext): Connection {
  const api = createApi(config, context)
  const capabilities = createCapabilities(api, config, context.clock)
  const reading = { api, capabilities, overlapMs: config.overlapSeconds * 1_000 }
  const { webhookSecret } = config
  const offered = names((resource) => resource.flag === undefined || config.capabilities[resource.flag] !== false)

  const receive =
    (secret: string) =>
    (delivery: Parameters<NonNullable<Connection['receive']>>[0]): Received => {
      const webhook = verifyWebhook(delivery, secret, api.name)
      const hint: ChangeHint | undefined = changeHint(webhook, api.name)
      capabilities.delivered()
      const known = hint !== undefined && findResource(hint.resource) !== undefined
      return { deliveryId: webhook.id, hints: known ? [hint] : [], outcomes: [] }
    }

  return {
    system: 'crm',
    ...(config.requestsPerMinute === undefined ? {} : { requestsPerMinute: config.requestsPerMinute }),
    listPage: createListing(reading),
    changeFeeds: names((resource) => resource.listing !== 'plain' && offered.has(resource.name)),
    changesPage: createChanges(reading),
    deletions: async (name) => {
      const resource = findResource(name)
      if (!resource || !(await capabilities.has('deletedFeed'))) return undefined
      return (await readDeletions(api, resource, 0, reading.overlapMs))?.tombstones
    },
    readable: names((resource) => resource.listing !== 'plain' && offered.has(resource.name)),
    keyed: names((resource) => resource.keyColumn !== undefined && offered.has(resource.name)),
    ...createLookup(api),
    batchSize: config.batchSize,
    outcomes: 'immediate',
    ...createWriter(api, config),
    ...(webhookSecret === undefined ? {} : { receive: receive(webhookSecret) }),
    check: () => checkConnection(api, config, capabilities),
    capabilities: () => capabilities.all(),
    close: () => api.transport.close(),
  }
}

/** AMIS CRM over its REST API v2 (contract §1). */
export const connector: Connector<CrmConfig> = {
  id: 'amis-crm',
  version: '0.1.0',
  system: 'crm',
  labels: { vi: 'AMIS CRM', en: 'AMIS CRM' },
  configSchema,
  open,
}
