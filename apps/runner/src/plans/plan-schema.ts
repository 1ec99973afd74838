import { type PlanHeader, type PlanItem, planFormatVersion } from '@amis-sync/engine'
import { z } from 'zod'

/** Texts of a file that anybody may have written: no longer than any of ours. */
const short = z.string().max(200)
const text = z.string().max(4_000)
const count = z.int().min(0)
const name = z.string().regex(/^[a-z0-9-]{1,64}$/)
const print = z.string().regex(/^[0-9a-f]{32}$/)
const byName = <T extends z.ZodType>(value: T) => z.record(short, value)

const action = z
  .enum(['create', 'link', 'update', 'remove', 'skip', 'conflict', 'wait', 'fail'])
  .describe('What would become of the record; docs/plan.md')
const reason = z.strictObject({ code: short, vi: text, en: text })

/** One record of a plan: a line of the file. */
export const planItemSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[0-9a-f-]{36}$/)
      .describe('Id of the link between the two sides'),
    entity: name,
    from: name.describe('The side that the record was looked at from'),
    to: name,
    resource: short.describe("Its table at `from`, by that system's name"),
    recordId: short,
    key: text.exactOptional().describe('Its code'),
    name: text.exactOptional(),
    action,
    reason,
    links: z.boolean().exactOptional().describe('Two records become one link'),
    fields: z.array(short).exactOptional().describe('Fields that an update writes to `to`'),
    later: z.array(short).exactOptional().describe('Fields that go back to `from` right after'),
    conflict: z
      .array(z.strictObject({ field: short, values: byName(z.unknown()), base: z.unknown() }))
      .exactOptional()
      .describe('Fields that both sides changed, with both values and the last agreed one'),
    pulledBy: z.array(name).exactOptional().describe('Entity types whose records need it: it goes along'),
    needs: z.array(text).exactOptional().describe('Records that it needs first'),
    versions: byName(short).describe("Version of each side's row, as the plan saw it"),
    print: print.exactOptional().describe('Hash of what would be written'),
  })
  .describe('One record') satisfies z.ZodType<PlanItem>

const planCountSchema = z.strictObject({
  entity: name,
  from: name,
  to: name,
  action,
  reason,
  count,
  links: count.describe('Of these, how many are linked at the same time'),
  pulled: count.describe('Of these, how many go along because others need them'),
  fields: byName(count).describe('Field → how many records'),
})

/** What a plan says in all: the first line of the file, and `plan` of `--output json`. */
export const planHeaderSchema = z
  .strictObject({
    format: z.literal('amis-sync-plan'),
    formatVersion: z.literal(planFormatVersion),
    plan: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    tenant: name,
    mode: z.enum(['first-sync', 'sync']),
    scope: z.strictObject({ step: z.int().min(1).max(3).exactOptional(), entity: name.exactOptional() }),
    stepsBefore: z.array(z.int()).describe('Earlier steps that are not done yet'),
    settings: z
      .strictObject({
        convertedFrom: short,
        enabled: z.array(name),
        options: byName(byName(z.unknown())),
        conflicts: byName(z.unknown()),
      })
      .describe('The settings that it was made under (C6)'),
    settingsPrint: print,
    computedAt: count.describe('Milliseconds since 1970'),
    items: count,
    counts: z.array(planCountSchema),
    duplicates: z.array(
      z
        .strictObject({ entity: name, side: name, key: text, records: z.array(text) })
        .describe('One code, several records'),
    ),
    requests: z.array(z.strictObject({ system: name, reads: count, writes: count, perMinute: count.exactOptional() })),
    seconds: z.strictObject({ least: count, most: count }).describe('An estimate, no promise; docs/plan.md'),
    samples: z.array(planItemSchema),
    sum: z
      .string()
      .regex(/^([0-9a-f]{32})?$/)
      .describe("End of the chain of the items' sums"),
  })
  .describe('The plan in all') satisfies z.ZodType<PlanHeader>

/** JSON Schema of `plan --output json` and of the lines of a plan file. */
export function planJsonSchema(): Record<string, unknown> {
  const toJson = (schema: z.ZodType) => {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<
      string,
      unknown
    >
    return json
  }
  const sum = { type: 'string', pattern: '^[0-9a-f]{32}$' }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'AMIS Sync: plan',
    description:
      'amis-sync plan TENANT --output json. The lines of a plan file are $defs/headerLine, then $defs/itemLine for each record, then $defs/endLine.',
    type: 'object',
    properties: { formatVersion: { const: 1 }, plan: { $ref: '#/$defs/header' } },
    required: ['formatVersion', 'plan'],
    $defs: {
      header: toJson(planHeaderSchema),
      item: toJson(planItemSchema),
      headerLine: {
        type: 'object',
        properties: { header: { $ref: '#/$defs/header' }, sum },
        required: ['header', 'sum'],
        additionalProperties: false,
      },
      itemLine: {
        type: 'object',
        properties: { item: { $ref: '#/$defs/item' }, sum },
        required: ['item', 'sum'],
        additionalProperties: false,
      },
      endLine: {
        type: 'object',
        properties: { end: { type: 'integer', description: 'How many items came before' } },
        required: ['end'],
        additionalProperties: false,
      },
    },
  }
}
