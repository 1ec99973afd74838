import {
  type EntityPlugin,
  type Rule,
  canonical,
  defineEntityPlugin,
  definePolicy,
  field,
  shared,
} from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { type FlowInput, flowPicture } from './flow-picture.ts'

type More = Partial<Omit<EntityPlugin, 'policy'>> & { readonly forth?: [Rule, Rule]; readonly back?: [Rule, Rule] }

const side = { write: 'patch', resources: [{ resource: 'x', columns: {} }] } as const

/** `forth`, `back`: the rules of creating and updating, from crm and from accounting. */
function entity(id: string, { forth, back, ...more }: More): EntityPlugin {
  const rules = (from: string, to: string, given: [Rule, Rule] | undefined) =>
    given ? [{ from, to, create: given[0], update: given[1], link: 'never', deactivate: 'never' } as const] : []
  return defineEntityPlugin({
    id,
    version: '1.0.0',
    coreRange: '^1.0.0',
    labels: { vi: `${id} vi`, en: `${id} en` },
    kind: 'catalogue',
    sides: ['crm', 'accounting'],
    schema: canonical.text,
    fields: { code: field.code(shared), other: field.code(shared, { vi: 'Khác', en: 'Other' }) },
    wire: { crm: side, accounting: side },
    policy: definePolicy({ directions: [...rules('crm', 'accounting', forth), ...rules('accounting', 'crm', back)] }),
    firstSync: { step: 2, directions: [] },
    ...more,
  })
}

const draw = (plugins: readonly EntityPlugin[], more: Partial<FlowInput> = {}) =>
  flowPicture({
    plugins,
    systems: [
      { id: 'crm', labels: { vi: 'CRM', en: 'CRM' } },
      { id: 'accounting', labels: { vi: 'Kế toán', en: 'Accounting' } },
    ],
    enabled: new Set(plugins.map(({ id }) => id)),
    off: new Set(),
    settings: {},
    ...more,
  })

/** `kind from>to scope when…` of each arrow. */
const told = (plugins: readonly EntityPlugin[], more: Partial<FlowInput> = {}) =>
  draw(plugins, more).arrows.map(({ kind, from, to, scope, when }) =>
    [kind, `${from.system}:${from.entity}>${to.system}:${to.entity}`, scope, ...(when ?? []).map(({ id }) => id)]
      .filter((one) => one !== undefined)
      .join(' '),
  )

describe('flowPicture', () => {
  it.each<[string, More, string[]]>([
    ['always', { forth: ['always', 'always'] }, ['updated-automatically crm:a>accounting:a all']],
    ['new ones only', { forth: ['always', 'never'] }, ['updated-automatically crm:a>accounting:a additions']],
    ['edits only', { forth: ['never', 'always'] }, ['updated-automatically crm:a>accounting:a edits']],
    ['edits of linked ones', { forth: ['never', 'ifLinked'] }, ['updated-automatically crm:a>accounting:a edits']],
    ['never', { forth: ['never', 'never'] }, []],
    ['creating what is linked is never', { forth: ['ifLinked', 'never'] }, []],
    [
      'when asked, then by itself',
      { forth: [[{ ifPulled: ['b', 'a', 'gone'] }, { onTrigger: ['manual', 'x'] }], 'always'] },
      ['taken-over crm:a>accounting:a additions b manual x', 'updated-automatically crm:a>accounting:a edits'],
    ],
    [
      'when asked, edits too',
      { forth: [{ onTrigger: ['x'] }, { onTrigger: ['x'] }] },
      ['taken-over crm:a>accounting:a all x'],
    ],
    ['a person', { forth: ['ask', 'never'] }, ['taken-over crm:a>accounting:a additions ask']],
    [
      'both ways',
      { forth: ['always', 'always'], back: ['always', 'always'] },
      ['updated-automatically crm:a>accounting:a all', 'updated-automatically accounting:a>crm:a all'],
    ],
  ])('%s', (_what, more, expected) => {
    expect(told([entity('a', more), entity('b', {})])).toEqual(expected)
  })

  it('what needs a record counts only while it is synced', () => {
    const plugins = [entity('a', { forth: [{ ifPulled: ['b'] }, 'never'] }), entity('b', {})]
    expect(told(plugins)).toEqual(['taken-over crm:a>accounting:a additions b'])
    expect(told(plugins, { enabled: new Set(['a']) })).toEqual([])
  })

  it('a document’s way back names its fields', () => {
    const policy = definePolicy({
      directions: [
        {
          from: 'accounting',
          to: 'crm',
          create: 'never',
          update: 'always',
          link: 'never',
          deactivate: 'never',
          writeBack: ['code', 'other'],
        },
      ],
    })
    const plugin = { ...entity('a', { kind: 'document' }), policy }
    expect(draw([plugin]).arrows).toEqual([
      {
        kind: 'updated-back',
        from: { system: 'accounting', entity: 'a' },
        to: { system: 'crm', entity: 'a' },
        fields: [
          { path: 'code', labels: { vi: 'code', en: 'code' } },
          { path: 'other', labels: { vi: 'Khác', en: 'Other' } },
        ],
      },
    ])
  })

  it('a document that names a document is made from it, once, while both are synced; a catalogue is made from nothing', () => {
    const names = (of: string) => [
      { path: 'code', entity: of, missing: 'omit' } as const,
      { path: 'other', entity: of, missing: 'omit' } as const,
    ]
    const plugins = [
      entity('quote', { kind: 'document' }),
      entity('order', { kind: 'document', references: names('quote') }),
      entity('customer', { references: names('quote') }),
    ]
    expect(told(plugins)).toEqual(['made-from crm:quote>crm:order'])
    expect(told(plugins, { off: new Set(['quote']) })).toEqual([])
  })

  it('what is disabled or off is not there, nor is a system that nobody uses; the order is that of the first sync', () => {
    const plugins = [
      { ...entity('figure', {}), kind: 'figure' } as const,
      entity('document', { kind: 'document', firstSync: { step: 3, directions: [] } }),
      entity('catalogue', {}),
      entity('mine', { sides: ['erp', 'crm'], wire: { erp: side, crm: side } }),
    ]
    const ids = (more: Partial<FlowInput>) => draw(plugins, more).entities.map(({ id }) => id)
    expect(ids({})).toEqual(['catalogue', 'mine', 'document', 'figure'])
    expect(ids({ enabled: new Set(['document', 'figure']), off: new Set(['figure']) })).toEqual(['document'])
    expect(draw(plugins).systems.map(({ id }) => id)).toEqual(['crm', 'accounting', 'erp'])
    expect(draw(plugins, { enabled: new Set(['catalogue']) }).systems.map(({ id }) => id)).toEqual([
      'crm',
      'accounting',
    ])
    expect(draw(plugins, { enabled: new Set() })).toEqual({ systems: [], entities: [], arrows: [] })
  })

  it('a new record’s mode is that of the tenant’s settings, in the plugin’s words', () => {
    const plugin = entity('order', {
      wire: {
        crm: side,
        accounting: { write: 'replace', resources: [{ resource: 'x', columns: {}, modes: { b: {} } }] },
      },
      handler: { mode: ({ settings }) => settings['as'] as string },
      terms: { b: { vi: 'bê', en: 'bee' } },
    })
    const mode = (as: string) => draw([plugin], { settings: { order: { as } } }).entities[0]?.mode
    expect(mode('b')).toEqual({ system: 'accounting', id: 'b', labels: { vi: 'bê', en: 'bee' } })
    expect(mode('unknown')).toBeUndefined()
  })
})
