import { expect, it } from 'vitest'
import type { PlanItem } from './plan-types.ts'
import { Counts, secondsOf } from './plan-summary.ts'

let next = 0
const item = (more: Partial<PlanItem> = {}): PlanItem => ({
  id: String((next += 1)),
  entity: 'customer',
  from: 'crm',
  to: 'accounting',
  resource: 'Customers',
  recordId: '1',
  action: 'update',
  reason: { code: 'LINKED', vi: 'v', en: 'e' },
  versions: {},
  ...more,
})

it('counts by entity, direction, action and reason, with fields, and keeps a few samples of each', () => {
  const counts = new Counts()
  for (let i = 0; i < 5; i += 1) counts.add(item({ fields: i === 0 ? ['name', 'phone'] : ['name'], links: i < 2 }))
  counts.add(item({ action: 'create', pulledBy: ['quote'] }))
  counts.add(item({ action: 'skip', pulledBy: ['quote'] }))
  counts.add(item({ entity: 'customer-group', action: 'create' }))
  counts.add(item({ action: 'create', from: 'accounting', to: 'crm' }))
  const rows = counts.inOrder(['customer-group', 'customer'])
  expect(
    rows.map(({ entity, from, action, count, links, pulled }) => [entity, from, action, count, links, pulled]),
  ).toEqual([
    ['customer-group', 'crm', 'create', 1, 0, 0],
    ['customer', 'accounting', 'create', 1, 0, 0],
    ['customer', 'crm', 'create', 1, 0, 1],
    ['customer', 'crm', 'update', 5, 2, 0],
    ['customer', 'crm', 'skip', 1, 0, 0],
  ])
  expect(rows[3]!.fields).toEqual({ name: 5, phone: 1 })
  expect(counts.samples.filter(({ action }) => action === 'update')).toHaveLength(3)
})

it('a reason that names its record becomes one that is true of all', () => {
  const counts = new Counts()
  const waits = (vi: string) => item({ action: 'wait', reason: { code: 'WAITING_FOR_REFERENCE', vi, en: vi } })
  counts.add(waits('KH1 waits'))
  expect(counts.inOrder([])[0]!.reason.vi).toBe('KH1 waits')
  counts.add(waits('KH2 waits'))
  expect(counts.inOrder([])[0]!.reason).toMatchObject({ en: 'They wait for other records to be there first.' })
})

it('the time is a range: side by side within the budgets, to one after the other and slower', () => {
  const demands = new Map([
    ['crm', { reads: 10, writes: 0, waitedMs: 1_000 }],
    ['accounting', { reads: 0, writes: 20, waitedMs: 0 }],
  ])
  const requests = [
    { system: 'crm', reads: 10, writes: 90 },
    { system: 'accounting', reads: 0, writes: 20, perMinute: 60 },
  ]
  // CRM: 100 × 100 ms; Accounting: one a second.
  expect(secondsOf(requests, demands)).toEqual({ least: 20, most: 50 })
  expect(secondsOf([], new Map())).toEqual({ least: 0, most: 1 })
})
