import type { FlowPicture } from '@amis-sync/engine'
import { z } from 'zod'
import { formatVersion } from '../cli/cli-context.ts'

const message = z.object({ vi: z.string(), en: z.string() })
const end = z.object({
  system: z.string().describe('An id of systems'),
  entity: z.string().describe('An id of entities'),
})

/** The document of `flow TENANT --output json`; docs/schema/flow.schema.json is made from it. */
export const flowDocumentSchema = z
  .object({
    formatVersion: z.literal(formatVersion).describe('Raised when the form changes in a way that readers notice'),
    tenant: z.string(),
    systems: z
      .array(
        z.object({ id: z.string().describe('system, crm, accounting, or one that a team added'), labels: message }),
      )
      .describe('In the order in which they are drawn; only those that something flows through'),
    entities: z
      .array(
        z.object({
          id: z.string().describe("The plugin's id, such as customer"),
          labels: message,
          kind: z.enum(['catalogue', 'document', 'figure']),
          sides: z.tuple([z.string(), z.string()]).describe('The two systems; records of the first travel first'),
          step: z.union([z.literal(1), z.literal(2), z.literal(3)]).describe('The step of the first sync (C7)'),
          mode: z
            .object({ system: z.string(), id: z.string(), labels: message })
            .optional()
            .describe('What a new record becomes in that system by the tenant file: order or contract (SO1)'),
        }),
      )
      .describe('Entity types that are synced: loaded, enabled, and offered by both systems'),
    arrows: z.array(
      z.object({
        kind: z
          .enum(['made-from', 'taken-over', 'updated-automatically', 'updated-back'])
          .describe('lập từ · lấy sang · tự động cập nhật · cập nhật lại'),
        from: end,
        to: end,
        scope: z
          .enum(['all', 'additions', 'edits'])
          .optional()
          .describe('What travels; edits: of records that both sides have'),
        when: z
          .array(
            z.object({
              kind: z
                .enum(['needed', 'trigger', 'person'])
                .describe('needed: by a record of the entity `id`; trigger: a way of asking or a fact of the record'),
              id: z.string(),
              labels: message,
            }),
          )
          .optional()
          .describe('Any of these lets it travel; absent: it travels by itself'),
        fields: z
          .array(z.object({ path: z.string().describe('status, lines[].delivered'), labels: message }))
          .optional()
          .describe('updated-back: the fields that come back, and no others'),
      }),
    ),
  })
  .meta({ title: 'AMIS Sync: the business-flow picture', description: 'amis-sync flow TENANT --output json' })

/** The picture as a document, without `formatVersion`. */
export function flowDocument(tenant: string, picture: FlowPicture): Readonly<Record<string, unknown>> {
  return { tenant, ...picture }
}

/** JSON Schema of the document. */
export function flowJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(flowDocumentSchema)
}
