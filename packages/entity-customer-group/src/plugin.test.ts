import { decide } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

describePlugin(plugin, {
  rows: [
    {
      side: 'crm',
      resource: 'CustomerGroups',
      row: {
        id: 1,
        group_code: 'N-01',
        group_name: ' Nhóm  một ',
        parent_code: 'N-00',
        description: '',
        inactive: false,
      },
      record: { code: 'N-01', name: 'Nhóm một', parent: 'N-00', description: null, active: true },
    },
    {
      side: 'accounting',
      resource: 'AccountObjectGroups',
      row: {
        account_object_group_code: 'N-01',
        account_object_group_name: 'Nhóm một',
        parent_code: null,
        inactive: true,
      },
      record: { code: 'N-01', name: 'Nhóm một', parent: null, active: false },
    },
  ],
})

describe('customer-group', () => {
  const ask = (
    from: string,
    link: 'unlinked' | 'candidate' | 'linked',
    triggers: string[] = [],
    pulledBy: string[] = [],
  ) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set(triggers),
      pulledBy: new Set(pulledBy),
    })

  it('CG1 the first sync takes groups from CRM to Accounting only', () => {
    expect(plugin.firstSync).toEqual({ step: 2, directions: [{ from: 'crm', to: 'accounting' }] })
    expect(ask('crm', 'unlinked', ['first-sync']).action).toBe('create')
    expect(ask('crm', 'candidate', ['first-sync']).action).toBe('link')
    expect(ask('accounting', 'unlinked', ['first-sync']).action).toBe('ignore')
  })

  it('CG2 a group added or edited in CRM is not sent by itself', () => {
    expect(ask('crm', 'unlinked')).toEqual({ action: 'ignore', reason: 'NOT_NEEDED_YET' })
    expect(ask('crm', 'linked')).toEqual({ action: 'ignore', reason: 'NOT_NEEDED_YET' })
  })

  it('CG3 a group goes along with its customer, in its current form, and so does its parent', () => {
    expect(ask('crm', 'unlinked', [], ['customer'])).toEqual({ action: 'create', reason: 'PULLED' })
    expect(ask('crm', 'linked', [], ['customer'])).toEqual({ action: 'update', reason: 'PULLED' })
    expect(ask('crm', 'unlinked', [], ['customer-group'])).toEqual({ action: 'create', reason: 'PULLED' })
    expect(plugin.references).toEqual([{ path: 'parent', entity: 'customer-group', missing: 'pull', refresh: true }])
  })

  it('CG4 a user can send groups by hand', () => {
    expect(ask('crm', 'unlinked', ['manual']).action).toBe('create')
    expect(ask('crm', 'linked', ['manual']).action).toBe('update')
  })

  it('CG5 a group added in Accounting comes only with a customer', () => {
    expect(ask('accounting', 'unlinked').action).toBe('ignore')
    expect(ask('accounting', 'unlinked', [], ['customer']).action).toBe('create')
  })

  it('PP1 or with a price policy that names it; never from CRM with one', () => {
    expect(ask('accounting', 'unlinked', [], ['price-policy']).action).toBe('create')
    expect(ask('crm', 'unlinked', [], ['price-policy']).action).toBe('ignore')
  })
})
