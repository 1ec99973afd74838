import { expect, it } from 'vitest'
import type { PlanItem } from './plan-types.ts'
import { chainSum, printOfWrite, settingsDifferences, stableJson } from './prints.ts'

const write = { opId: '1', resource: 'Customers', operation: 'update', id: '7', row: { a: 1, b: 'x' } } as const

it('the print of a write names what it does, not its key nor the order of its columns', () => {
  const print = printOfWrite('crm', write)
  expect(printOfWrite('crm', { ...write, opId: '2', row: { b: 'x', a: 1 } })).toBe(print)
  for (const other of [
    printOfWrite('accounting', write),
    printOfWrite('crm', { ...write, id: '8' }),
    printOfWrite('crm', { ...write, operation: 'create' }),
    printOfWrite('crm', { ...write, row: { a: 1 } }),
    printOfWrite('crm', { ...write, row: { a: 1, b: null } }),
    printOfWrite('crm', { ...write, companions: [{ resource: 'Units', row: {} }] }),
  ])
    expect(other).not.toBe(print)
})

it('texts of equal values are equal, whatever the order of their keys', () => {
  expect(stableJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(stableJson({ a: null, b: [{ c: 2, d: 1 }] }))
  expect(stableJson([1, 2])).not.toBe(stableJson([2, 1]))
})

it('a sum depends on everything before it', () => {
  const [a, b] = [{ id: 'a' } as PlanItem, { id: 'b' } as PlanItem]
  expect(chainSum(chainSum('', a), b)).not.toBe(chainSum(chainSum('', b), a))
  expect(chainSum('', a)).toMatch(/^[0-9a-f]{32}$/)
})

it('differences of settings are named by their paths', () => {
  const before = { options: { order: { recordAs: 'order', from: 'sales' } }, enabled: ['a'] }
  const after = { options: { order: { recordAs: 'contract', from: 'sales' } }, enabled: ['a', 'b'], extra: 1 }
  expect(settingsDifferences(before, before)).toEqual([])
  expect(settingsDifferences(before, after)).toEqual(['enabled', 'extra', 'options.order.recordAs'])
})
