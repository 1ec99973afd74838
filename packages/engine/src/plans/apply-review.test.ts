import type { Link } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { standingOf } from './apply-review.ts'
import type { PlanItem } from './plan-types.ts'

const planned: PlanItem = {
  id: 'l1',
  entity: 'customer',
  from: 'crm',
  to: 'accounting',
  resource: 'Customers',
  recordId: '1',
  action: 'update',
  reason: { code: 'LINKED', vi: 'v', en: 'e' },
  fields: ['name'],
  versions: { crm: '5', accounting: '3' },
  print: 'p1',
}
const skip: PlanItem = { ...planned, action: 'skip', reason: { code: 'IN_STEP', vi: 'v', en: 'e' } }
const link = (linked: boolean): Link => ({ id: 'l1', entity: 'customer', sides: {}, linked, trail: [], revision: 1 })
const standing = (before: Partial<PlanItem>, now: Partial<PlanItem>, linked = true) =>
  standingOf({ ...planned, ...before }, { ...planned, ...now }, link(linked))

describe('a planned record, now', () => {
  it('is as planned while versions and what would be written are', () => {
    expect(standing({}, { reason: { code: 'OTHER', vi: '', en: '' }, name: 'x' })).toBe('asPlanned')
  })

  it.each<[string, Partial<PlanItem>]>([
    ['another version of the source', { versions: { crm: '6', accounting: '3' } }],
    ['another version of the target', { versions: { crm: '5', accounting: '4' } }],
    ['another row', { print: 'p2' }],
    ['another action', { action: 'create' }],
    ['the other way', { from: 'accounting', to: 'crm' }],
    ['linked at the same time', { links: true }],
  ])('has moved by %s', (_name, now) => {
    expect(standing({}, now)).toBe('moved')
  })

  it('is done where nothing is left of a linked record, and moved where it travels no more', () => {
    expect(standingOf(planned, skip, link(true))).toBe('done')
    expect(standingOf(planned, skip, link(false))).toBe('moved')
    expect(standingOf(planned, { ...skip, action: 'wait' }, link(false))).toBe('waits')
  })

  it('that was to be left alone is as planned until something would be written', () => {
    expect(standingOf(skip, { ...skip, action: 'conflict' }, link(true))).toBe('asPlanned')
    expect(standingOf(skip, planned, link(true))).toBe('moved')
  })

  it('keeps its other half after the first was written, and no more than that', () => {
    const back = {
      from: 'accounting',
      to: 'crm',
      fields: ['phone'],
      print: 'p9',
      versions: { crm: '5', accounting: '9' },
    }
    expect(standing({ later: ['phone'] }, back)).toBe('rest')
    expect(standing({ later: ['phone'] }, { ...back, fields: ['phone', 'name'] })).toBe('moved')
    expect(standing({}, back)).toBe('moved')
    expect(standing({ later: ['phone'] }, back, false)).toBe('moved')
    expect(standing({ action: 'remove' }, back, false)).toBe('rest')
  })

  it('in conflict is as planned only with the same values', () => {
    const conflict = [{ field: 'phone', values: { crm: '1', accounting: '2' }, base: null }]
    const before = { action: 'conflict', links: true, conflict } as const
    expect(standing(before, before)).toBe('asPlanned')
    expect(standing(before, { ...before, conflict: [{ ...conflict[0]!, base: '0' }] })).toBe('moved')
  })
})
