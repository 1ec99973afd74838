import { z } from 'zod'

/** Entity types that are loaded when the configuration names none. */
export const defaultPlugins = [
  '@amis-sync/entity-organization-unit',
  '@amis-sync/entity-employee',
  '@amis-sync/entity-customer-group',
  '@amis-sync/entity-customer',
  '@amis-sync/entity-product-group',
  '@amis-sync/entity-product',
  '@amis-sync/entity-warehouse',
  '@amis-sync/entity-price-policy',
  '@amis-sync/entity-quote',
  '@amis-sync/entity-sales-order',
  '@amis-sync/entity-invoice-request',
  '@amis-sync/entity-inventory',
  '@amis-sync/entity-receivable',
] as const

export const defaultConnectors = [
  '@amis-sync/connector-amis-system',
  '@amis-sync/connector-amis-crm',
  '@amis-sync/connector-amis-accounting',
] as const

/** The port that deliveries arrive at when nobody says otherwise. */
const defaultPort = 48600

const packages = z.array(z.string().min(1)).min(1)

/** `config/amis-sync.yaml`: what one runner is made of (design §6). */
export const runnerConfigSchema = z.strictObject({
  database: z
    .strictObject({
      uri: z
        .string()
        .min(1)
        .optional()
        .describe('MongoDB; absent: the embedded database. The environment variable MONGODB_URI wins'),
      name: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,38}$/)
        .default('amis_sync'),
    })
    .prefault({}),
  plugins: packages.default([...defaultPlugins]).describe('Entity types: package names, or paths from this file'),
  connectors: packages.default([...defaultConnectors]).describe('Connectors: package names, or paths from this file'),
  http: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z
        .int()
        .min(0)
        .max(65535)
        .default(defaultPort)
        .describe('0: any free port. The environment variable AMIS_SYNC_PORT wins'),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
  tenants: z.string().min(1).default('tenants').describe('Folder of the tenant files, from this file'),
})

export type RunnerConfig = z.output<typeof runnerConfigSchema>
