import { z } from 'zod'
import type { Connection, Connector } from '@amis-sync/core'
import { defineEntityPlugin, definePolicy, field, ownedBy, shared } from '@amis-sync/core'
import type { Loaded } from './tenant-schema.ts'

const connection = (system: string): Connection => ({
  system,
  check: async () => [],
  capabilities: async () => [],
  close: async () => undefined,
})

function connector(id: string, system: string, configSchema: z.ZodType): Connector {
  return { id, version: '1.0.0', system, labels: { vi: id, en: id }, configSchema, open: () => connection(system) }
}

/** Two small entity types and three small connectors, as a tenant file sees them. */
export const loaded: Loaded = {
  connectors: [
    connector(
      'amis-crm',
      'crm',
      z.strictObject({
        baseUrl: z.url(),
        clientId: z.string(),
        clientSecret: z.string(),
        webhookSecret: z.string().optional(),
      }),
    ),
    connector(
      'amis-accounting',
      'accounting',
      z.strictObject({ baseUrl: z.url(), appId: z.string(), accessCode: z.string() }),
    ),
    connector(
      'amis-system',
      'system',
      z.strictObject({ baseUrl: z.url(), clientId: z.string(), clientSecret: z.string() }),
    ),
  ],
  plugins: [plugin('customer', []), plugin('sales-order', ['customer'])],
}

function plugin(id: string, dependsOn: readonly string[]) {
  return defineEntityPlugin({
    id,
    version: '1.0.0',
    coreRange: '^1.0.0',
    labels: { vi: id, en: id },
    kind: 'catalogue',
    sides: ['crm', 'accounting'],
    schema: z.object({}),
    fields: { code: field.code(shared), phone: field.phone(shared), creditLimit: field.decimal(ownedBy('accounting')) },
    wire: {
      crm: { resources: [{ resource: id, columns: {} }], write: 'patch' },
      accounting: { resources: [{ resource: id, columns: {} }], write: 'patch' },
    },
    dependsOn,
    policy: definePolicy({ directions: [] }),
    firstSync: { step: 2, directions: [] },
    ...(id === 'sales-order'
      ? {
          settings: {
            section: 'salesOrders',
            schema: z.strictObject({
              recordAs: z.enum(['order', 'contract']).default('order'),
              deliveredFrom: z.enum(['sales', 'stock']).default('sales'),
            }),
          },
        }
      : {}),
  })
}
