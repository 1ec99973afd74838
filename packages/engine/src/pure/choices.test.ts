import { type Choice, field, onlyFrom, shared } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { conflictNames, mergeWithChoices, sortChoices } from './choices.ts'
import type { MergeInput, MergeSide } from './merge.ts'

const fields = {
  phone: field.phone(shared),
  address: field.text(shared),
  owner: field.code(onlyFrom('crm')),
}

const side = (system: string, current: MergeSide['current'], more: Partial<MergeSide> = {}): MergeSide => ({
  system,
  current,
  last: current,
  sends: true,
  writable: () => true,
  ...more,
})

const base = { phone: '0912000001', address: 'Hà Nội' }
const a = side('crm', { phone: '0912000002', address: 'Huế' })
const b = side('accounting', { phone: '0912000003', address: 'Đà Nẵng' })
const input = (more: Partial<MergeInput> = {}): MergeInput => ({ fields, a, b, base, rule: () => 'ask', ...more })
const seen = (name: 'phone' | 'address') => ({ crm: a.current[name], accounting: b.current[name] })
const choice = (name: 'phone' | 'address', more: Partial<Choice>): Choice => ({
  by: 'Lan',
  at: 1,
  seen: seen(name),
  ...more,
})

describe('mergeWithChoices', () => {
  it('without a choice nothing but the rule decides', () => {
    expect(conflictNames(mergeWithChoices(input(), {}).conflicts)).toEqual(['phone', 'address'])
  })

  it('the chosen side wins, the other field stays open', () => {
    const merged = mergeWithChoices(input(), { phone: choice('phone', { side: 'accounting' }) })
    expect(merged.to.a.write).toEqual({ phone: '0912000003' })
    expect(merged.to.b.write).toEqual({})
    expect(conflictNames(merged.conflicts)).toEqual(['address'])
  })

  it('a third value is written to both, and is what both agree on', () => {
    const merged = mergeWithChoices(input(), { address: choice('address', { value: 'Vinh' }) })
    expect([merged.to.a.write, merged.to.b.write]).toEqual([{ address: 'Vinh' }, { address: 'Vinh' }])
    expect(merged.base.address).toBe('Vinh')
    expect([merged.known.a.address, merged.known.b.address]).toEqual([undefined, undefined])
  })

  it('empty is a value, too', () => {
    const merged = mergeWithChoices(input(), { address: choice('address', { value: null }) })
    expect([merged.to.a.write, merged.to.b.write]).toEqual([{ address: null }, { address: null }])
  })

  it('a side that cannot be written keeps what it shows, as known', () => {
    const closed = input({ b: { ...b, writable: (path) => path !== 'address' } })
    const merged = mergeWithChoices(closed, { address: choice('address', { value: 'Vinh' }) })
    expect(merged.to.b.write).toEqual({})
  })
})

describe('sortChoices', () => {
  it('a choice holds while both sides show what was seen, however they write it', () => {
    const choices = { phone: choice('phone', { side: 'crm' }) }
    const spelled = { ...a, current: { ...a.current, phone: '+84 912 000 002' } }
    expect(sortChoices(fields, choices, spelled, b)).toEqual({ valid: choices, void: [] })
  })

  it.each([
    ['the one side', { ...a, current: { ...a.current, phone: '0912000009' } }, b],
    ['the other side', a, { ...b, current: { ...b.current, phone: null } }],
  ])('it is void when %s changed', (_which, one, other) => {
    const choices = { phone: choice('phone', { side: 'crm' }), address: choice('address', { side: 'crm' }) }
    expect(sortChoices(fields, choices, one, other)).toEqual({ valid: { address: choices.address }, void: ['phone'] })
  })

  it('a field that is gone from the plugin voids its choice', () => {
    expect(sortChoices(fields, { fax: choice('phone', { side: 'crm' }) }, a, b).void).toEqual(['fax'])
  })
})
