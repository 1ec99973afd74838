import { z } from 'zod'
import type { ValuePath } from './yaml-source.ts'

interface Definition {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly valueType?: z.ZodType
  readonly element?: z.ZodType
  readonly in?: z.ZodType
}

function bare(schema: z.ZodType): Definition {
  let definition = schema.def as unknown as Definition
  for (;;) {
    const inner = definition.type === 'pipe' ? definition.in : definition.innerType
    if (!inner) return definition
    definition = inner.def
  }
}

/** The schema at a path, through optional, default and the like; `undefined` where it cannot be told. */
function schemaAt(schema: z.ZodType, path: ValuePath): Definition | undefined {
  let definition = bare(schema)
  for (const step of path) {
    const next = definition.shape?.[String(step)] ?? definition.valueType ?? definition.element
    if (!next) return undefined
    definition = bare(next)
  }
  return definition
}

/** Keys that an object schema knows at a path: what a misspelt key may have meant. */
export function keysAt(schema: z.ZodType, path: ValuePath): readonly string[] {
  return Object.keys(schemaAt(schema, path)?.shape ?? {})
}

/** An object schema that refuses unknown keys; other schemas as they are. */
export function strictly(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject ? schema.strict() : schema
}
