import { decide, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const id = '0f1e2d3c-4b5a-4968-8776-655443322110'
const unit = '1f1e2d3c-4b5a-4968-8776-655443322111'
const row = {
  id,
  code: 'NV0001',
  fullName: 'Nguyễn Thị Ước'.normalize('NFD'),
  email: 'Uoc@Example.vn',
  phone: '0912345678',
  organizationUnitId: unit,
  isCompanyEmployee: true,
  active: true,
}
const person = { account_object_code: 'NV0001', account_object_name: 'Nguyễn Thị Ước' }

describePlugin(plugin, {
  rows: [
    {
      side: 'system',
      resource: 'Employees',
      row,
      record: { systemId: id, code: 'NV0001', name: 'Nguyễn Thị Ước', email: 'uoc@example.vn', unit, active: true },
    },
    {
      side: 'accounting',
      resource: 'AccountObjects',
      row: { ...person, is_employee: true, organization_unit_code: 'DV0001', inactive: true },
      record: { code: 'NV0001', unit: 'DV0001', active: false },
    },
  ],
  values: { systemId: [id], unit: [unit], email: ['a@b.vn'] },
})

describe('employee', () => {
  const [system] = plugin.wire.system!.resources
  const [accounting] = plugin.wire.accounting!.resources
  const read = (change: object) => decodeColumns(system!.columns, { ...row, ...change })
  const verdict = (record: ReturnType<typeof read>, link: 'unlinked' | 'linked') =>
    decide(plugin.policy, {
      from: 'system',
      to: 'accounting',
      link,
      event: 'seen',
      triggers: new Set(plugin.handler!.triggers!('system', record, { settings: {} })),
      pulledBy: new Set(),
    }).action

  it('D1 only company employees are created; one that loses the tick becomes inactive', () => {
    expect(verdict(read({}), 'unlinked')).toBe('create')
    const without = read({ isCompanyEmployee: false })
    expect(verdict(without, 'unlinked')).toBe('ignore')
    expect(verdict(without, 'linked')).toBe('update')
    expect(without.active).toBe(false)
    expect(encodeColumns(accounting!.columns, without)).toMatchObject({ inactive: true })
  })

  it('D1 rows of customers and vendors are none of ours', () => {
    expect(accounting!.accepts!({ ...person, is_customer: true, is_employee: false })).toBe(false)
    expect(accounting!.accepts!(person)).toBe(false)
  })

  it('D9 an employee who is gone in System becomes inactive in Accounting', () => {
    const question = { from: 'system', to: 'accounting', link: 'linked', event: 'deleted' } as const
    expect(decide(plugin.policy, { ...question, triggers: new Set(), pulledBy: new Set() }).action).toBe('deactivate')
  })

  it('writes the role at creation only', () => {
    expect(accounting!.constants).toEqual({
      create: { is_employee: true, account_object_type: 1, is_customer: false, is_vendor: false },
    })
  })
})
