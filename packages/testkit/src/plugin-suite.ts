import {
  type Canonical,
  type EntityPlugin,
  type Row,
  type Rule,
  type SideResource,
  type SystemId,
  coreVersion,
  decide,
  decodeColumns,
  linkStates,
  pluginFaults,
  reasons,
  satisfies,
} from '@amis-sync/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SampleValues, canonicalValues } from './canonical-values.ts'

/** A row as a side gives it, and what it means. */
export interface PluginSample {
  readonly side: SystemId
  readonly resource: string
  readonly row: Row
  /** Expected canonical values, before references are translated; fields that are not named are not looked at. */
  readonly record: Canonical
  /** The side tells only a part of the record: it is not checked with the plugin's schema. */
  readonly partial?: boolean
}

export interface PluginSamples {
  /** At least one for each resource of each side. */
  readonly rows: readonly PluginSample[]
  readonly values?: SampleValues
  /** `side.field`: what is written is not what is read back there (a status that is only given at creation). */
  readonly lossy?: readonly string[]
}

interface Place {
  readonly side: SystemId
  readonly resource: SideResource
  readonly title: string
}

function placesOf(plugin: EntityPlugin): Place[] {
  return plugin.sides.flatMap((side) =>
    plugin.wire[side]!.resources.map((resource, index) => ({
      side,
      resource,
      title: `${side} ${resource.resource}#${index + 1}`,
    })),
  )
}

/** What travels through JSON; a number that JSON does not keep would show. */
const overTheWire = (row: Row): Row => JSON.parse(JSON.stringify(row)) as Row

function namesIn(rule: Rule): { triggers: readonly string[]; entities: readonly string[] } {
  if (typeof rule === 'string') return { triggers: [], entities: [] }
  if ('onTrigger' in rule) return { triggers: rule.onTrigger, entities: [] }
  if ('ifPulled' in rule) return { triggers: [], entities: rule.ifPulled }
  const parts = rule.map(namesIn)
  return { triggers: parts.flatMap((part) => part.triggers), entities: parts.flatMap((part) => part.entities) }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(Object.freeze(value))) freeze(part)
  return value
}

function settingsOf(plugin: EntityPlugin): Readonly<Record<string, unknown>> {
  return plugin.settings ? (plugin.settings.schema.parse({}) as Record<string, unknown>) : {}
}

function resourceFor(plugin: EntityPlugin, sample: PluginSample): SideResource | undefined {
  return plugin.wire[sample.side]?.resources.find(
    (one) => one.resource === sample.resource && (one.accepts?.(sample.row) ?? true),
  )
}

/** What the engine makes of a sample: its columns, then the handler. */
function readSample(plugin: EntityPlugin, sample: PluginSample): Canonical {
  const resource = resourceFor(plugin, sample)
  if (!resource) throw new Error(`no resource of ${sample.side} accepts this row of ${sample.resource}`)
  const record = freeze(decodeColumns(resource.columns, freeze(sample.row)))
  return plugin.handler?.derive?.(sample.side, record, { settings: settingsOf(plugin) }) ?? record
}

function describeForm(plugin: EntityPlugin): void {
  it('has no faults, and is written for this plugin API', () => {
    expect(pluginFaults(plugin)).toEqual([])
    expect(satisfies(coreVersion, plugin.coreRange)).toBe(true)
    expect(plugin.version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('names itself and every field in Vietnamese and English', () => {
    const labels = [plugin.labels, ...Object.values(plugin.fields).map((field) => field.labels)]
    for (const [index, label] of labels.entries()) {
      const name = ['the plugin', ...Object.keys(plugin.fields)][index]
      expect(label?.vi, `vi of ${name}`).toBeTruthy()
      expect(label?.en, `en of ${name}`).toBeTruthy()
    }
  })

  it('maps every field somewhere, and reads it at its owner', () => {
    const places = placesOf(plugin)
    for (const [name, { flow }] of Object.entries(plugin.fields)) {
      const at = places.filter(({ resource }) => resource.columns[name] !== undefined)
      expect(at.length, name).toBeGreaterThan(0)
      const sources = flow.owner === 'shared' ? plugin.sides : [flow.owner]
      const read = at.some(({ side, resource }) => sources.includes(side) && resource.columns[name]!.decode)
      expect(read, `${name} is read at ${sources.join(' or ')}`).toBe(true)
    }
  })

  it('has a handler whose settings have defaults', () => {
    expect(() => settingsOf(plugin)).not.toThrow()
  })
}

function describeColumns(plugin: EntityPlugin, samples: PluginSamples): void {
  for (const { side, resource, title } of placesOf(plugin)) {
    for (const [name, { names, decode, encode }] of Object.entries(resource.columns)) {
      if (!decode) continue
      const field = plugin.fields[name]!
      it(`${title} ${name}: absent stays absent`, () => {
        if (names.length > 0) expect(decode({})).toBeUndefined()
      })
      if (!encode || samples.lossy?.includes(`${side}.${name}`)) continue
      it(`${title} ${name}: what is written is read back`, () => {
        fc.assert(
          fc.property(canonicalValues(name, field, samples.values ?? {}), (value) => {
            const back = decode(overTheWire(encode(value)))
            if (field.kind !== 'list') {
              expect(back).toEqual(value)
              return
            }
            const items = back as readonly Canonical[]
            const carried = (value as readonly Canonical[]).map((item, index) =>
              Object.fromEntries(Object.keys(items[index] ?? {}).map((part) => [part, item[part]])),
            )
            expect(items).toEqual(carried)
          }),
          { numRuns: 60 },
        )
      })
      if (field.kind === 'list' || field.kind === 'codes') continue
      it(`${title} ${name}: empty stays empty`, () => expect(decode(overTheWire(encode(null)))).toBeNull())
    }
  }
}

function describePolicy(plugin: EntityPlugin): void {
  it('answers every question, each with a reason', () => {
    const [a, b] = plugin.sides
    for (const [from, to] of [[a, b] as const, [b, a] as const]) {
      const { create, update, link, deactivate, remove } =
        plugin.policy.directions.find((one) => one.from === from) ?? {}
      const names = [create, update, link, deactivate, remove].map((rule) => namesIn(rule ?? 'never'))
      const triggers = [[], ...new Set(names.flatMap((one) => one.triggers)), 'manual'].map(
        (one) => new Set([one].flat()),
      )
      const pulled = [[], ...new Set(names.flatMap((one) => one.entities))].map((one) => new Set([one].flat()))
      for (const state of linkStates) {
        for (const event of ['seen', 'deleted'] as const) {
          for (const trigger of triggers) {
            for (const pulledBy of pulled) {
              const verdict = decide(plugin.policy, { from, to, link: state, event, triggers: trigger, pulledBy })
              expect(reasons[verdict.reason]).toBeDefined()
              if (state !== 'linked') expect(['update', 'deactivate']).not.toContain(verdict.action)
              if (state === 'linked') expect(['create', 'link']).not.toContain(verdict.action)
              if (event === 'deleted') expect(['create', 'link', 'update']).not.toContain(verdict.action)
            }
          }
        }
      }
    }
  })
}

function describeSamples(plugin: EntityPlugin, samples: PluginSamples): void {
  it('has a sample of every resource', () => {
    const met = new Set(samples.rows.map((sample) => resourceFor(plugin, sample)))
    for (const { resource, title } of placesOf(plugin)) expect(met.has(resource), title).toBe(true)
  })
  for (const [index, sample] of samples.rows.entries()) {
    it(`sample ${index + 1} (${sample.side} ${sample.resource}) means what it should`, () => {
      const record = readSample(plugin, sample)
      expect(record).toMatchObject(sample.record)
      for (const name of Object.keys(record)) expect(Object.keys(plugin.fields)).toContain(name)
      if (!sample.partial) expect(plugin.schema.safeParse(record).error?.issues ?? []).toEqual([])
      const context = { settings: settingsOf(plugin) }
      freeze(record)
      expect(Array.isArray(plugin.handler?.triggers?.(sample.side, record, context) ?? [])).toBe(true)
      expect(() => plugin.handler?.hold?.(sample.side, record, context)).not.toThrow()
    })
  }
}

/**
 * The contract of an entity plugin: no faults, labels, every field mapped, absent never becomes empty (D8), values survive the wire
 * exactly, a total policy, and samples that mean what they should. Call it once at the top of a test file.
 */
export function describePlugin(plugin: EntityPlugin, samples: PluginSamples): void {
  describe(`plugin ${plugin.id}`, () => {
    describeForm(plugin)
    describeColumns(plugin, samples)
    describePolicy(plugin)
    describeSamples(plugin, samples)
  })
}
