import { z } from 'zod'
import { isSecretKey, secretReferencePattern } from './secret-reference.ts'
import { connectionSchema, tenantSchema } from './tenant-schema.ts'
import type { Loaded } from './tenant-schema.ts'

type Json = Record<string, unknown>

/** Secrets are written as references; editors say so. */
function withReferences(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withReferences(one))
  if (typeof value !== 'object' || value === null) return value
  const node = value as Json
  if (key !== undefined && isSecretKey(key) && (node['type'] === 'string' || node['anyOf'] !== undefined)) {
    return {
      type: 'string',
      pattern: secretReferencePattern,
      description: '${env:NAME} or ${file:path}; never in clear text',
    }
  }
  const result: Json = {}
  for (const [name, one] of Object.entries(node)) {
    if (name === 'properties' && typeof one === 'object' && one !== null) {
      result[name] = Object.fromEntries(
        Object.entries(one).map(([property, schema]) => [property, withReferences(schema, property)]),
      )
    } else result[name] = withReferences(one)
  }
  return result
}

function toJson(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  return json
}

/** One alternative per connector of a system, told apart by `connector`. */
function connectionJson(loaded: Loaded, system: string): Json {
  const alternatives = loaded.connectors
    .filter((connector) => connector.system === system)
    .map((connector) => {
      const own = toJson(connectionSchema(connector).schema)
      return {
        ...own,
        description: `${connector.labels.vi} · ${connector.labels.en}`,
        properties: { connector: { const: connector.id }, ...(own['properties'] as Json | undefined) },
        required: [
          'connector',
          ...((own['required'] as string[] | undefined) ?? []).filter((name) => name !== 'connector'),
        ],
      }
    })
  return alternatives.length === 1 ? alternatives[0]! : { oneOf: alternatives }
}

/** JSON Schema of a tenant file, from the zod objects that check it (FW7). */
export function tenantJsonSchema(loaded: Loaded): Json {
  const whole = toJson(tenantSchema(loaded))
  const properties = whole['properties'] as Record<string, Json>
  const connections = properties['connections']!
  const systems = Object.keys(connections['properties'] as Json)
  const composed = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'AMIS Sync: tenant',
    ...whole,
    properties: {
      ...properties,
      connections: {
        ...connections,
        properties: Object.fromEntries(systems.map((system) => [system, connectionJson(loaded, system)])),
      },
    },
  }
  return withReferences(composed) as Json
}
