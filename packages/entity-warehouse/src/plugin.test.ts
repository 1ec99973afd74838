import { type Row, decide, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describePlugin } from '@amis-sync/testkit'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.ts'

const stock: Row = {
  stock_id: 'A1C0E7D2-3B54-4F60-8A11-0B6D2C9E4F41',
  stock_code: 'KHO-HN',
  stock_name: 'Kho  Hà Nội',
  organization_unit_code: 'CN1',
  inactive: false,
}
const syncId = 'a1c0e7d2-3b54-4f60-8a11-0b6d2c9e4f41'
const crmRow: Row = { async_id: syncId, stock_code: 'KHO-HN', stock_name: 'Kho Hà Nội', inactive: false }

describePlugin(plugin, {
  rows: [
    {
      side: 'accounting',
      resource: 'Stocks',
      row: stock,
      record: { syncId, code: 'KHO-HN', name: 'Kho Hà Nội', active: true },
    },
    {
      side: 'crm',
      resource: 'Stocks',
      row: { ...crmRow, id: 5, async_id: null },
      record: { syncId: null, code: 'KHO-HN', active: true },
      partial: true,
    },
  ],
  values: { syncId: [syncId] },
})

describe('warehouse', () => {
  const ask = (from: string, link: 'unlinked' | 'candidate' | 'linked', triggers: string[] = []) =>
    decide(plugin.policy, {
      from,
      to: from === 'crm' ? 'accounting' : 'crm',
      link,
      event: 'seen',
      triggers: new Set(triggers),
      pulledBy: new Set(),
    }).action

  it('ST1 added or edited in Accounting: goes to CRM; never the other way', () => {
    expect([ask('accounting', 'unlinked'), ask('accounting', 'linked')]).toEqual(['create', 'update'])
    expect([ask('crm', 'unlinked'), ask('crm', 'linked'), ask('crm', 'unlinked', ['manual'])]).toEqual([
      'ignore',
      'ignore',
      'ignore',
    ])
    expect(plugin.wire.accounting!.write).toBe('none')
  })

  it("ST1 column by column: Accounting's id stands in async_id", () =>
    expect(
      encodeColumns(
        plugin.wire.crm!.resources[0]!.columns,
        decodeColumns(plugin.wire.accounting!.resources[0]!.columns, stock),
      ),
    ).toEqual(crmRow))

  it('twins are found by that id, then by code, and linked in the first sync or a standardisation run (D5)', () => {
    expect(plugin.match).toEqual(['syncId', 'code'])
    expect(ask('accounting', 'candidate', ['first-sync'])).toBe('link')
    expect(ask('accounting', 'candidate', ['standardise'])).toBe('link')
    expect(ask('accounting', 'candidate')).toBe('conflict')
  })
})
