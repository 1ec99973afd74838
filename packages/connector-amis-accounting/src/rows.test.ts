import { expect, it } from 'vitest'
import { resourceNamed, resourceRead, resourceWritten } from './resources.ts'
import { toRecord, toTombstone } from './rows.ts'
import { toActTime } from './times.ts'

it('recognises a row by its id column, whatever its dictionary_type', () => {
  const row = { dictionary_type: 99, unit_id: 'ABC', unit_name: 'Cái', modified_date: '2026-11-24 08:25:01' }
  expect(toRecord(row, resourceNamed('Units')!, undefined, null)).toEqual({
    resource: 'Units',
    id: 'abc',
    key: 'Cái',
    version: '2026-11-24 08:25:01',
    row,
  })
  expect(toRecord(row, resourceNamed('Stocks')!, undefined, null)).toBeUndefined()
})

it('keeps read and write numbers apart', () => {
  expect([resourceRead(2)!.name, resourceWritten(2)!.name]).toEqual(['InventoryItems', 'AccountObjectGroups'])
  expect([resourceRead(6)!.name, resourceWritten(6)!.name]).toEqual(['OrganizationUnits', 'Units'])
  expect(resourceWritten(103)).toBeUndefined()
})

it('turns the sign of debts where the tenant says so, and dates figures', () => {
  const row = { account_object_id: 'a', organization_unit_id: 'b', debt_amount: -5.5, invoice_debt_amount: 0 }
  const debts = resourceNamed('Debts')!
  expect(toRecord(row, debts, 'negative', 'now')).toMatchObject({
    id: 'a:b',
    row: { debt_amount: 5.5, invoice_debt_amount: 0, as_of: 'now' },
  })
  expect(toRecord(row, debts, undefined, null)!.row).toEqual(row)
})

it('reads deletions', () => {
  const row = { data_type: 1, id: 'A', code: 'KH1', deleted_date: '2026-11-24 08:25:01' }
  expect(toTombstone(row, resourceNamed('AccountObjects')!)).toEqual({
    resource: 'AccountObjects',
    id: 'a',
    key: 'KH1',
    version: '2026-11-24 08:25:01',
  })
})

it('writes times of ACT in +07:00, whole seconds, rounded down', () => {
  expect(toActTime(Date.parse('2026-11-23T18:00:01.999Z'))).toBe('2026-11-24 01:00:01')
})
