import { z } from 'zod'
import type { Connector, EntityPlugin } from '@amis-sync/core'
import { durationPattern } from './duration.ts'
import { strictly } from './schema-walk.ts'

/** What the runner has loaded: the sections of a tenant file come from it. */
export interface Loaded {
  readonly plugins: readonly EntityPlugin[]
  readonly connectors: readonly Connector[]
}

/** A tenant's id, which is also its file's name and part of its webhook addresses. */
const tenantIdPattern = /^[a-z0-9-]{1,40}$/

const cronPattern = /^\S+(\s+\S+){4}$/

/** Five fields, or six with seconds first. */
const pollCronPattern = /^\S+(\s+\S+){4,5}$/

const texts = {
  tenant: 'chỉ gồm a-z, 0-9 và dấu gạch nối, nhiều nhất 40 ký tự · only a-z, 0-9 and hyphens, at most 40',
  poll: "phải là khoảng thời gian như 60s, 5m, 1h, hoặc cron như '0 6 * * *' · must be a duration such as 60s, 5m, 1h, or a cron expression such as '0 6 * * *'",
  audit:
    "phải là biểu thức cron năm trường như '0 2 * * *' · must be a cron expression of five fields such as '0 2 * * *'",
  share: 'phải là số nguyên từ 1 đến 100 (phần trăm) · must be a whole number from 1 to 100 (percent)',
}

function entitySchema(plugin: EntityPlugin) {
  const rule = z.enum([...plugin.sides, 'newest', 'ask'])
  const fields = Object.fromEntries(Object.keys(plugin.fields).map((name) => [name, rule.optional()]))
  const enabled = z.boolean().default(true).describe('false: never read, never written (C5)')
  const described = `${plugin.labels.vi} · ${plugin.labels.en}`
  // Figures are shown, not merged: nothing of them can be in conflict.
  if (plugin.figure) return z.strictObject({ enabled }).describe(described)
  return z
    .strictObject({
      enabled,
      conflicts: z
        .strictObject({
          default: rule.optional().describe('Who wins when both sides changed the same field (D6)'),
          fields: z.strictObject(fields).prefault({}),
        })
        .prefault({}),
    })
    .describe(described)
}

function connectionsSchema(connectors: readonly Connector[]) {
  const shape: Record<string, z.ZodType> = {}
  for (const system of new Set(connectors.map((connector) => connector.system))) {
    const ids = connectors.filter((connector) => connector.system === system).map((connector) => connector.id)
    shape[system] = z.looseObject({ connector: z.enum(ids) }).optional()
  }
  return z.strictObject(shape)
}

/**
 * The whole tenant file, made of a base, one `entities` entry and possibly one section for each plugin, and one entry of `connections`
 * for each system. What stands behind `connections.<system>` besides `connector` is checked with {@link connectionSchema}.
 */
export function tenantSchema(loaded: Loaded) {
  const sections: Record<string, z.ZodType> = {}
  for (const { settings } of loaded.plugins) {
    if (settings) sections[settings.section] = strictly(settings.schema).prefault({} as never)
  }
  const entities = Object.fromEntries(loaded.plugins.map((plugin) => [plugin.id, entitySchema(plugin).optional()]))
  return z.strictObject({
    tenant: z.string().regex(tenantIdPattern, texts.tenant).describe('The name of this file without .yaml'),
    name: z.string().min(1).describe('The company as operators know it'),
    enabled: z
      .boolean()
      .default(true)
      .describe('false: the file is checked, but nothing is done for this tenant and its secrets need not be there'),
    convertedFrom: z
      .enum(['none', 'sme', 'amis-old'])
      .default('none')
      .describe('Where the Accounting data came from; sme and amis-old turn the gate of C1 on'),
    connections: connectionsSchema(loaded.connectors),
    entities: z
      .strictObject(entities)
      .prefault({})
      .describe('Entity types; one that is not named here is synced with its defaults'),
    schedule: z
      .strictObject({
        poll: z
          .union([z.string().regex(durationPattern), z.string().regex(pollCronPattern)], { error: texts.poll })
          .default('60s')
          .describe(
            "How often changes are asked for: a duration (60s, 5m), or a cron expression in Vietnam's time ('0 6 * * *')",
          ),
        audit: z
          .string()
          .regex(cronPattern, texts.audit)
          .optional()
          .describe('When both sides are compared in full: cron, five fields'),
        auditShare: z
          .int()
          .min(1, texts.share)
          .max(100, texts.share)
          .default(20)
          .describe('Most of the request budget that a full compare may use, in percent'),
      })
      .prefault({}),
    ...sections,
  })
}

/** The connector's own part of a connection. `connector` stays in it only where the connector's schema asks for it. */
export function connectionSchema(connector: Connector): { schema: z.ZodType; takesConnector: boolean } {
  const schema = strictly(connector.configSchema)
  return { schema, takesConnector: schema instanceof z.ZodObject && 'connector' in schema.shape }
}
