import { type Canonical, type Fields, field, fixedAtCreation, onlyFrom, ownedBy, shared } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import type { ConflictRule } from '../engine-types.ts'
import { type MergeSide, mergeRecord } from './merge.ts'

const fields: Fields = {
  name: field.text(shared),
  phone: field.phone(shared),
  limit: field.decimal(ownedBy('accounting')),
  groups: field.codes(shared),
  owner: field.code(onlyFrom('crm')),
  status: field.text(onlyFrom('accounting')),
  kind: field.text(fixedAtCreation),
  units: field.list(shared, 'unit', { unit: field.code(shared), ratio: field.decimal(shared) }),
  lines: field.list(onlyFrom('crm'), 'key', {
    key: field.code(onlyFrom('crm')),
    quantity: field.decimal(onlyFrom('crm')),
    delivered: field.decimal(onlyFrom('accounting')),
  }),
}

function side(system: string, current: Canonical, last: Canonical, more: Partial<MergeSide> = {}): MergeSide {
  return { system, current, last, sends: true, writable: () => true, ...more }
}

function merge(
  crm: Canonical,
  accounting: Canonical,
  base: Canonical,
  options: {
    rule?: ConflictRule
    crm?: Partial<MergeSide>
    accounting?: Partial<MergeSide>
    lastAccounting?: Canonical
  } = {},
) {
  return mergeRecord({
    fields,
    a: side('crm', crm, base, options.crm),
    b: side('accounting', accounting, options.lastAccounting ?? base, options.accounting),
    base,
    rule: (_name, flow) => options.rule ?? (flow.owner === 'shared' ? 'ask' : flow.owner),
  })
}

describe('mergeRecord', () => {
  it('keeps edits to different fields of both sides (D7)', () => {
    const { to, conflicts, base } = merge(
      { name: 'B', phone: '1' },
      { name: 'A', phone: '2' },
      { name: 'A', phone: '1' },
    )
    expect(to.b.write).toEqual({ name: 'B' })
    expect(to.a.write).toEqual({ phone: '2' })
    expect(conflicts).toEqual([])
    expect(base).toMatchObject({ name: 'B', phone: '2' })
  })

  it('what was never filled at the owner clears nothing at the other side when they are linked (D8)', () => {
    const linked = merge({ owner: null, name: 'A' }, { owner: 'NV1', name: 'A' }, {}, { crm: { last: {} } })
    expect(linked.to.b.write).toEqual({})
    const cleared = merge({ owner: null }, { owner: 'NV1' }, { owner: 'NV1' })
    expect(cleared.to.b.write).toEqual({ owner: null })
  })

  it('asks a person when both sides changed a shared field (D6)', () => {
    const { to, conflicts } = merge({ name: 'B' }, { name: 'C' }, { name: 'A' })
    expect(to.a.write).toEqual({})
    expect(to.b.write).toEqual({})
    expect(conflicts).toEqual([{ field: 'name', values: { crm: 'B', accounting: 'C' }, base: 'A' }])
  })

  it.each([
    ['crm', { b: { name: 'B' }, a: {} }],
    ['accounting', { a: { name: 'C' }, b: {} }],
  ] as const)('lets %s win by rule (D6)', (rule, want) => {
    const { to } = merge({ name: 'B' }, { name: 'C' }, { name: 'A' }, { rule })
    expect({ a: to.a.write, b: to.b.write }).toEqual(want)
  })

  it('lets the newest edit win by the servers’ times, and asks where they are equal', () => {
    const newest = (crm: number, accounting: number) =>
      merge(
        { name: 'B' },
        { name: 'C' },
        { name: 'A' },
        { rule: 'newest', crm: { editedAt: crm }, accounting: { editedAt: accounting } },
      )
    expect(newest(2, 1).to.b.write).toEqual({ name: 'B' })
    expect(newest(1, 2).to.a.write).toEqual({ name: 'C' })
    expect(newest(1, 1).conflicts).toHaveLength(1)
  })

  it('carries a cleared field over, and never clears what a side does not carry (D8)', () => {
    const cleared = merge({ name: 'A', phone: null }, { name: 'A', phone: '1' }, { name: 'A', phone: '1' })
    expect(cleared.to.b.write).toEqual({ phone: null })
    const absent = merge({ name: 'A' }, { name: 'A', phone: '1' }, { name: 'A', phone: '1' })
    expect(absent.to.a.write).toEqual({})
    expect(absent.to.b.write).toEqual({})
  })

  it('fills blanks on first sight without asking', () => {
    const { to, conflicts } = merge({ name: 'A', phone: null }, { name: 'A', phone: '1' }, {})
    expect(to.a.write).toEqual({ phone: '1' })
    expect(conflicts).toEqual([])
  })

  it('does nothing where both made the same edit, or differ in spelling only', () => {
    const { to } = merge(
      { name: 'B', phone: '+84 912345678', groups: ['b', 'A'] },
      { name: 'B', phone: '0912 345 678', groups: ['a', 'B'] },
      { name: 'A', phone: '0912345678', groups: ['A', 'B'] },
    )
    expect(to.a.write).toEqual({})
    expect(to.b.write).toEqual({})
  })

  it('never sends a one-way field back, and leaves the edit there alone (D1, D3)', () => {
    const { to, known } = merge({ owner: 'NV1' }, { owner: 'NV2' }, { owner: 'NV1' })
    expect(to.a.write).toEqual({})
    expect(to.b.write).toEqual({})
    expect(known.b).toEqual({ owner: 'NV2' })
  })

  it('leaves a fixed field alone on both sides', () => {
    const { to, conflicts } = merge({ kind: 'x' }, { kind: 'y' }, { kind: 'x' })
    expect([to.a.write, to.b.write, conflicts]).toEqual([{}, {}, []])
  })

  it('holds back what may not leave now, and sends it when it may', () => {
    const held = merge({ name: 'B' }, { name: 'A' }, { name: 'A' }, { crm: { sends: false } })
    expect(held.to.b.write).toEqual({})
    expect(held.known.a).toEqual({ name: 'B' })
    expect(merge({ name: 'B' }, { name: 'A' }, { name: 'A' }).to.b.write).toEqual({ name: 'B' })
  })

  it('writes back only the named fields', () => {
    const narrowed = { sendsOnly: new Set(['status']) }
    const { to } = merge(
      { name: 'A', status: 'x' },
      { name: 'B', status: 'y' },
      { name: 'A', status: 'x' },
      { accounting: narrowed },
    )
    expect(to.a.write).toEqual({ status: 'y' })
  })

  it('merges lists by key: one item edited here, another added there', () => {
    const base = { units: [{ unit: 'Hộp', ratio: '12' }] }
    const { to } = merge(
      { units: [{ unit: 'Hộp', ratio: '10' }] },
      {
        units: [
          { unit: 'Thùng', ratio: '48' },
          { unit: 'hộp', ratio: '12' },
        ],
      },
      base,
    )
    expect(to.b.items.units).toEqual([{ unit: 'Hộp', ratio: '10' }])
    expect(to.a.items.units).toEqual([{ unit: 'Thùng', ratio: '48' }])
    expect(to.b.write.units).toHaveLength(2)
    expect(to.b.write.units).toEqual(
      expect.arrayContaining([
        { unit: 'Hộp', ratio: '10' },
        { unit: 'Thùng', ratio: '48' },
      ]),
    )
  })

  it('removes an item that one side removed', () => {
    const base = { units: [{ unit: 'Hộp', ratio: '12' }] }
    expect(merge({ units: [] }, base, base).to.b.write).toEqual({ units: [] })
    expect(merge(base, { units: [] }, base).to.a.write).toEqual({ units: [] })
  })

  it('brings a line’s delivered quantity back without touching the rest of the line (SO4)', () => {
    const line = { key: '41', quantity: '5', delivered: '0' }
    const { to } = merge({ lines: [line] }, { lines: [{ key: '41', delivered: '3' }] }, { lines: [line] })
    expect(to.a.items.lines).toEqual([{ key: '41', delivered: '3' }])
    expect(to.b.write).toEqual({})
  })

  it('sends a line that a person removed in CRM as removed, although ACT still shows it', () => {
    const base = {
      lines: [
        { key: '41', quantity: '5' },
        { key: '42', quantity: '1' },
      ],
    }
    const { to } = merge({ lines: [base.lines[0]!] }, { lines: [{ key: '41' }, { key: '42' }] }, base)
    expect(to.b.write.lines).toEqual([{ key: '41', quantity: '5' }])
    expect(to.a.write).toEqual({})
  })

  it('an edit that may not leave its owner now travels as soon as it may (SO16, IR1)', () => {
    const base = { owner: 'NV1', lines: [{ key: '1', quantity: '1', delivered: '0' }] }
    const edited = { owner: 'NV2', lines: [{ key: '1', quantity: '2', delivered: '0' }] }
    const refused = merge(edited, base, base, { crm: { sends: false } })
    expect([refused.to.a.write, refused.to.b.write]).toEqual([{}, {}])
    expect(refused.base).toMatchObject({ owner: 'NV1' })
    const last = { ...base, ...refused.known.a }
    const again = merge(edited, base, base, { crm: { last } })
    expect(again.to.b.write).toEqual({ owner: 'NV2', lines: [{ key: '1', quantity: '2', delivered: '0' }] })
  })

  it('a list that is asserted gets back what was taken out at the other side, and loses what was put in', () => {
    const prices: Fields = {
      name: field.text(onlyFrom('accounting', { reassert: true })),
      items: field.list(onlyFrom('accounting', { reassert: true }), 'key', { key: field.text(shared) }),
    }
    const base = { name: 'A', items: [{ key: '1' }, { key: '2' }] }
    const meddled = { name: 'A', items: [{ key: '2' }, { key: '3' }] }
    const assert = (accounting: Canonical, lastCrm: Canonical) =>
      mergeRecord({
        fields: prices,
        a: side('accounting', accounting, base, { writable: () => false }),
        b: side('crm', meddled, lastCrm, { sends: false }),
        base,
        rule: () => 'ask',
      })
    const idle = assert(base, base)
    expect(idle.to.b.write).toEqual({})
    const { to } = assert({ ...base, name: 'B' }, { ...base, ...idle.known.b })
    expect(to.b.write).toEqual({ name: 'B', items: [{ key: '1' }, { key: '2' }] })
    expect(to.a.write).toEqual({})
  })
})
