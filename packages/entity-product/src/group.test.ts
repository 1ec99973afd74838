import { describe, expect, it } from 'vitest'
import { completeGroup } from './group.ts'

const crm = (...group: string[]) => ({ code: 'VT1', group })

describe('completeGroup', () => {
  it('a new product has the group of the CRM alone', () => {
    expect(completeGroup(crm('A'), {}).group).toEqual(['A'])
  })

  it('the same group is no news, whatever Accounting did meanwhile', () => {
    expect(completeGroup(crm('a'), { base: crm('A', 'B'), other: crm('C', 'B') }).group).toEqual(['A', 'B'])
  })

  it("another group replaces the old one and keeps the others, in Accounting's present order", () => {
    expect(completeGroup(crm('D'), { base: crm('A', 'B'), other: crm('A', 'B', 'C') }).group).toEqual(['D', 'B', 'C'])
    expect(completeGroup(crm('D'), { base: crm('A', 'B'), other: crm('B', 'A') }).group).toEqual(['D', 'B'])
    expect(completeGroup(crm('D'), { base: crm('A', 'B') }).group).toEqual(['D', 'B'])
  })

  it('a group that was one of the others stands only once', () => {
    expect(completeGroup(crm('B'), { base: crm('A', 'B', 'C'), other: crm('A', 'B', 'C') }).group).toEqual(['B', 'C'])
  })

  it('a first group is put in front', () => {
    expect(completeGroup(crm('A'), { base: crm(), other: crm() }).group).toEqual(['A'])
  })

  it('D8 a cleared group is cleared; a group that the CRM does not carry says nothing', () => {
    expect(completeGroup(crm(), { base: crm('A', 'B'), other: crm('A', 'B') }).group).toEqual([])
    expect(completeGroup({ code: 'VT1' }, { base: crm('A') })).toEqual({ code: 'VT1' })
  })

  it("records that are linked agree when Accounting's list holds the group", () => {
    expect(completeGroup(crm('B'), { base: {}, other: crm('A', 'B') }).group).toEqual(['B', 'A'])
    expect(completeGroup(crm('D'), { base: {}, other: crm('A', 'B') }).group).toEqual(['D', 'B'])
  })
})
