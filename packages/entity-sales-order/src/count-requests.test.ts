import { expect, it } from 'vitest'
import { countRequests } from './count-requests.ts'

it.each([
  ['the CRM counts itself', { revenueStatus: 'requested', requestSeq: 4 }, { requestSeq: 1 }, 4, 'requested'],
  ['a draft was never requested', { revenueStatus: 'draft' }, undefined, undefined, 'draft'],
  ['the first request', { revenueStatus: 'requested' }, undefined, 1, 'requested'],
  ['an edit of it', { revenueStatus: 'requested' }, { requestSeq: 1, revenueStatus: 'requested' }, 1, 'requested'],
  ['its refusal', { revenueStatus: 'refused' }, { requestSeq: 1, revenueStatus: 'requested' }, 1, 'refused:1'],
  ['requested again', { revenueStatus: 'requested' }, { requestSeq: 1, revenueStatus: 'refused:1' }, 2, 'requested'],
  ['an edit of that', { revenueStatus: 'requested' }, { requestSeq: 2, revenueStatus: 'refused:1' }, 2, 'requested'],
  ['recorded', { revenueStatus: 'recorded' }, { requestSeq: 2, revenueStatus: 'requested' }, 2, 'recorded:2'],
  ['an old order of a first sync', { revenueStatus: 'recorded' }, undefined, 1, 'recorded:1'],
])('%s', (_what, record, base, requestSeq, revenueStatus) => {
  const counted = countRequests(record, base ? { base } : {})
  expect([counted.requestSeq, counted.revenueStatus]).toEqual([requestSeq, revenueStatus])
})
