import type { RowWrite } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { bodyOf, byType, planWrites } from './plan.ts'

const options = { batchSize: 200, isOn: () => true }
const item = (n: number, unit = 'Cái'): RowWrite => ({
  opId: `op-${n}`,
  resource: 'InventoryItems',
  operation: 'create',
  id: `item-${n}`,
  row: { inventory_item_code: `VT${n}` },
  companions: [{ resource: 'Units', row: { unit_name: unit } }],
})
const order = (n: number, more: Partial<RowWrite> = {}): RowWrite => ({
  opId: `op-o${n}`,
  resource: 'Vouchers',
  operation: 'create',
  id: `order-${n}`,
  row: { voucher_type: 20, reftype: 3520, org_refno: `DH${n}` },
  ...more,
})

describe('planWrites', () => {
  it('sends the dictionary first, then documents, then deletions', () => {
    const plan = planWrites([order(1, { operation: 'delete' }), order(2), item(1)], options)
    expect(plan.calls.map((call) => call.name)).toEqual(['save_dictionary', 'save', 'delete'])
    expect(plan.calls.map(bodyOf)).toEqual([
      {
        dictionary: [
          { dictionary_type: 6, unit_name: 'Cái' },
          { inventory_item_code: 'VT1', org_refid: 'op-1', inventory_item_id: 'item-1', dictionary_type: 3 },
        ],
      },
      {
        voucher: [
          {
            voucher_type: 20,
            reftype: 3520,
            org_refno: 'DH2',
            org_refid: 'order-2',
            refid: 'order-2',
            is_get_new_id: false,
          },
        ],
      },
      { voucher: [{ voucher_type: 20, org_refid: 'order-1' }] },
    ])
  })

  it('sends a companion once a call, whatever its case', () => {
    const [call] = planWrites([item(1), item(2, ' cái '), item(3, 'Hộp')], options).calls
    const { dictionary } = bodyOf(call!) as { dictionary: { unit_name?: string }[] }
    expect(dictionary.flatMap((row) => row.unit_name ?? [])).toHaveLength(2)
    expect(dictionary).toHaveLength(5)
  })

  it('splits by the limits of ACT, companions counted', () => {
    const items = Array.from({ length: 200 }, (_, n) => item(n))
    expect(planWrites(items, options).calls.map((call) => call.entries.length)).toEqual([199, 1])
    const orders = Array.from({ length: 150 }, (_, n) => order(n))
    expect(planWrites(orders, options).calls.map((call) => call.entries.length)).toEqual([100, 50])
    expect(planWrites(orders, { ...options, batchSize: 60 }).calls.map((call) => call.entries.length)).toEqual([
      60, 60, 30,
    ])
  })

  it('splits by size, so that no body is over 10 MB', () => {
    const heavy = (n: number) => order(n, { row: { voucher_type: 20, journal_memo: 'x'.repeat(3_000_000) } })
    expect(planWrites([heavy(1), heavy(2), heavy(3)], options).calls.map((call) => call.entries.length)).toEqual([2, 1])
  })

  it('puts companions of documents into the same call', () => {
    const [call] = planWrites(
      [order(1, { companions: [{ resource: 'Units', row: { unit_name: 'Hộp' } }] })],
      options,
    ).calls
    expect(bodyOf(call!)).toMatchObject({ dictionary: [{ dictionary_type: 6, unit_name: 'Hộp' }] })
  })

  it.each<[string, RowWrite, string]>([
    ['deleting a catalogue row', { ...item(1), operation: 'delete' }, 'ACCOUNTING_NO_DELETE'],
    ['writing what can only be read', { ...item(1), resource: 'PricePolicies' }, 'ACCOUNTING_READ_ONLY'],
    ['a table that does not exist', { ...item(1), resource: 'Nothing' }, 'ACCOUNTING_READ_ONLY'],
    ['a document without type', order(1, { row: {} }), 'ACCOUNTING_VOUCHER_TYPE_UNKNOWN'],
    [
      'a document without id',
      { opId: 'x', resource: 'Vouchers', operation: 'create', row: {} },
      'ACCOUNTING_ID_MISSING',
    ],
  ])('refuses %s', (_what, write, code) => {
    expect(planWrites([write], options)).toMatchObject({
      calls: [],
      refused: [{ opId: write.opId, failure: { code } }],
    })
  })

  it.each([
    ['groups', { ...item(1), resource: 'AccountObjectGroups', companions: [] }],
    ['writeOrganizationUnits', { ...item(1), resource: 'OrganizationUnits', companions: [] }],
    ['contracts', order(1, { row: { voucher_type: 120 } })],
    ['quotes', order(1, { row: { voucher_type: 121 } })],
    ['invoiceRequests', order(1, { row: { voucher_type: 122 } })],
  ])('keeps rows away that need "%s" where it is off', (flag, write) => {
    const plan = planWrites([write], { ...options, isOn: (one) => one !== flag })
    expect(plan).toMatchObject({ calls: [], refused: [{ failure: { code: 'ACCOUNTING_CAPABILITY_OFF' } }] })
    expect(planWrites([write], options).calls).toHaveLength(1)
  })

  it('groups a call by type, in order of first appearance', () => {
    const [call] = planWrites([order(1), order(2, { row: { voucher_type: 121 } }), order(3)], options).calls
    expect(byType(call!).map((part) => part.entries.map((entry) => entry.write.opId))).toEqual([
      ['op-o1', 'op-o3'],
      ['op-o2'],
    ])
  })
})
