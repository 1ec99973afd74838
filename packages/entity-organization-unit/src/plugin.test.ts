import { decide, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const id = '0f1e2d3c-4b5a-4968-8776-655443322110'
const system = {
  id: id.toUpperCase(),
  code: 'CN-HCM',
  name: 'Chi nhánh  Hồ Chí Minh',
  type: 2,
  parentId: id,
  active: true,
}

describePlugin(plugin, {
  rows: [
    {
      side: 'system',
      resource: 'OrganizationUnits',
      row: system,
      record: { systemId: id, code: 'CN-HCM', name: 'Chi nhánh Hồ Chí Minh', type: 2, parent: id, active: true },
    },
    {
      side: 'accounting',
      resource: 'OrganizationUnits',
      row: {
        amis_platform_id: id,
        organization_unit_code: 'CN-HCM',
        organization_unit_name: 'Chi nhánh Hồ Chí Minh',
        organization_unit_type_id: 2,
        parent_code: null,
        inactive: false,
      },
      record: { systemId: id, parent: null, active: true },
    },
  ],
  values: { systemId: [id], parent: [id], type: [1, 2, 3, 4] },
})

describe('organization-unit', () => {
  const ask = { event: 'seen', triggers: new Set<string>(), pulledBy: new Set<string>() } as const

  it('D1 a unit goes from System to Accounting by itself, and never back', () => {
    expect(decide(plugin.policy, { ...ask, from: 'system', to: 'accounting', link: 'unlinked' }).action).toBe('create')
    expect(decide(plugin.policy, { ...ask, from: 'system', to: 'accounting', link: 'linked' }).action).toBe('update')
    for (const link of ['unlinked', 'candidate', 'linked'] as const) {
      expect(decide(plugin.policy, { ...ask, from: 'accounting', to: 'system', link })).toEqual({
        action: 'ignore',
        reason: 'ONE_WAY',
      })
    }
  })

  it('D5 the same code links in the first sync only; a pair that a person made links at any time', () => {
    const question = { ...ask, from: 'system', to: 'accounting', link: 'candidate' } as const
    expect(decide(plugin.policy, question).action).toBe('conflict')
    expect(decide(plugin.policy, { ...question, triggers: new Set(['first-sync']) }).action).toBe('link')
    const paired = plugin.handler!.triggers!('system', { systemId: id }, { settings: {}, other: { systemId: id } })
    expect(decide(plugin.policy, { ...question, triggers: new Set(paired) }).action).toBe('link')
    expect(plugin.handler!.triggers!('system', { systemId: id }, { settings: {}, other: {} })).toEqual([])
  })

  it('C2 a pairing is the System id alone', () => {
    const { columns } = plugin.wire.accounting!.resources[0]!
    expect(encodeColumns(columns, { systemId: id })).toEqual({ amis_platform_id: id })
  })
})
