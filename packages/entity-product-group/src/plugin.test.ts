import { decide } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

describePlugin(plugin, {
  rows: [
    {
      side: 'crm',
      resource: 'ProductCategories',
      row: {
        id: 1,
        category_code: 'N-01',
        category_name: ' Nhóm  một ',
        parent_code: 'N-00',
        description: '',
        inactive: false,
      },
      record: { code: 'N-01', name: 'Nhóm một', parent: 'N-00', description: null, active: true },
    },
    {
      side: 'accounting',
      resource: 'InventoryItemCategories',
      row: {
        inventory_item_category_code: 'N-01',
        inventory_item_category_name: 'Nhóm một',
        parent_code: null,
        inactive: true,
      },
      record: { code: 'N-01', name: 'Nhóm một', parent: null, active: false },
    },
  ],
})

describe('product-group', () => {
  const ask = (from: string, link: 'unlinked' | 'candidate' | 'linked', triggers: string[] = []) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set(triggers),
      pulledBy: new Set(),
    }).action

  it.each(['crm', 'accounting'])('PG2 PG5 added or edited in %s: sent at once', (from) => {
    expect(ask(from, 'unlinked')).toBe('create')
    expect(ask(from, 'linked')).toBe('update')
  })

  it('PG1 PG4 the same code links in the first sync or a standardisation run, else it is a conflict (D5)', () => {
    expect(plugin.firstSync.directions).toHaveLength(2)
    for (const from of ['crm', 'accounting']) {
      expect(ask(from, 'candidate', ['first-sync'])).toBe('link')
      expect(ask(from, 'candidate', ['standardise'])).toBe('link')
      expect(ask(from, 'candidate')).toBe('conflict')
    }
  })
})
