import type { Canonical, Matching } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { compareNames, oneEditApart } from './compare-names.ts'
import { compareRecords } from './compare-records.ts'
import { type Entrant, type Found, findPairs } from './find-pairs.ts'
import { readPartyName } from './read-name.ts'
import { placeKey, readRecord } from './read-record.ts'

const party: Matching = {
  fields: [
    { field: 'code', as: 'code' },
    { field: 'taxCode', as: 'taxCode' },
    { field: 'name', as: 'partyName' },
    { field: 'phone', as: 'phone' },
    { field: 'email', as: 'email' },
    { field: 'address', as: 'address' },
    { field: 'province', as: 'place' },
    { field: 'kind', as: 'kind' },
  ],
}
const item: Matching = {
  fields: [
    { field: 'code', as: 'code' },
    { field: 'name', as: 'itemName' },
    { field: 'unit', as: 'unit' },
  ],
}
const bandOf = (matching: Matching, a: Canonical, b: Canonical) =>
  compareRecords(readRecord(matching, a), readRecord(matching, b)).band

describe('names', () => {
  it.each([
    ['Công ty TNHH Thương mại Hòa Bình', 'Cty TM Hoa Binh', 'same'],
    ['Công ty TNHH Hoà Bình', 'CÔNG TY T.N.H.H HÒA BÌNH', 'same'],
    ['Công ty TNHH MTV An Phát', 'Cty Trách nhiệm hữu hạn Một thành viên An Phát', 'same'],
    ['Công ty TNHH MTV An Phát', 'Công ty TNHH An Phát', 'same'],
    ['CTCP Đầu tư & Xây dựng Việt Nam Đại Phú', 'Công ty Cổ phần Xây dựng và Đầu tư Đại Phú VN', 'same'],
    ['Công ty TNHH Số 1 An Phát', 'Công ty TNHH 1 An Phát', 'same'],
    ['Công ty An Phát', 'Công ty An Phát Việt Nam', 'similar'],
    ['Công ty TNHH An Phát', 'Công ty Cổ phần An Phát', 'similar'],
    ['Công ty TNHH Hòa Mai', 'Công ty TNHH Hoa Mai', 'similar'],
    ['Công ty TNHH Thương An', 'Công ty TNHH Thuơgn An', 'similar'],
    ['Công ty TNHH An Phát', 'Công ty TNHH Phát An', 'similar'],
    ['Công ty TNHH An Phát', 'Chi nhánh Công ty TNHH An Phát', 'branch'],
    ['Công ty TNHH An Phát', 'CN Công ty TNHH An Phát', 'branch'],
    ['Công ty TNHH An Phát 1', 'Công ty TNHH An Phát 2', 'different'],
    ['Công ty TNHH An Phát', 'Công ty TNHH An Phát 2', 'different'],
    ['Nguyễn Thị Minh', 'Nguyễn Thị Minh Anh', 'different'],
    ['Công ty TNHH Thương mại An Phát', 'Công ty TNHH Xây dựng An Phát', 'different'],
    ['Công ty Thương mại', 'Công ty Dịch vụ', 'different'],
  ])('%s / %s: %s', (a, b, relation) => {
    expect(compareNames(readPartyName(a), readPartyName(b))).toBe(relation)
    expect(compareNames(readPartyName(b), readPartyName(a))).toBe(relation)
  })

  it('one edit: a letter more, less, other, or two turned', () => {
    expect(['ab', 'abxc', 'xbc', 'bac', 'abc'].map((word) => oneEditApart(word, 'abc'))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
    expect(['cab', 'axx', 'a', 'abcde'].map((word) => oneEditApart(word, 'abc'))).toEqual([false, false, false, false])
  })

  it('a city by any of its names', () => {
    expect(['TP. Hồ Chí Minh', 'TPHCM'.replace('TP', 'TP '), 'Sài Gòn'].map(placeKey)).toEqual(
      Array(3).fill('ho chi minh'),
    )
  })
})

describe('bands', () => {
  const a = { name: 'Công ty TNHH An Phát', phone: '0912 345 678', kind: 'organisation' }
  it.each<[string, Canonical, Canonical, string]>([
    ['same code', { code: 'KH1', name: 'X' }, { code: ' kh1 ', name: 'X' }, 'link'],
    ['same code, other name', { code: 'KH1', name: 'An' }, { code: 'KH1', name: 'Bình' }, 'ask'],
    [
      'same code, nothing else agrees',
      { ...a, code: 'K', taxCode: '0100000001' },
      { code: 'K', taxCode: '0100000002', name: 'Bình' },
      'ask',
    ],
    ['same tax code', { taxCode: '0100 000-001' }, { taxCode: '0100000001' }, 'link'],
    ['same tax code, other name', { ...a, taxCode: '0100000001' }, { name: 'Bình', taxCode: '0100000001' }, 'ask'],
    [
      'same tax code, similar name',
      { ...a, taxCode: '0100000001' },
      { name: 'Công ty Phát An', taxCode: '0100000001' },
      'link',
    ],
    ['a dependent unit', { ...a, taxCode: '0100000001' }, { ...a, taxCode: '0100000001-001' }, 'separate'],
    ['same name and phone', a, { name: 'CTY TNHH AN PHAT', phone: '+84912345678; 02438681234' }, 'link'],
    ['same name, other phone', a, { name: 'CTY TNHH AN PHAT', phone: '0900000000' }, 'ask'],
    [
      'same name, other province',
      { ...a, province: 'Hà Nội', phone: null },
      { name: a.name, province: 'Huế' },
      'separate',
    ],
    ['a branch with the same phone', a, { ...a, name: 'Chi nhánh Công ty TNHH An Phát' }, 'separate'],
    ['other name, same phone', a, { ...a, name: 'Công ty TNHH An Phú' }, 'separate'],
    [
      'similar name, same phone and e-mail',
      { ...a, email: 'x@y.vn' },
      { ...a, name: 'Công ty Phát An', email: 'X@y.vn' },
      'ask',
    ],
    ['a person and a company', a, { ...a, kind: 'person' }, 'separate'],
    ['nothing in common to compare', { name: 'An' }, { phone: '0912345678' }, 'separate'],
  ])('%s', (_what, one, other, band) => {
    expect(bandOf(party, one, other)).toBe(band)
    expect(bandOf(party, other, one)).toBe(band)
  })

  it.each<[Canonical, Canonical, string]>([
    [{ code: 'VT1', name: 'Thép D10', unit: 'Kg' }, { code: 'vt1', name: 'Thép D10', unit: 'kg' }, 'link'],
    [{ code: 'VT1', name: 'Thép D10', unit: 'Kg' }, { code: 'T10', name: 'thép D10', unit: 'Kg' }, 'ask'],
    [{ code: 'VT1', name: 'Thép D10', unit: 'Kg' }, { code: 'T10', name: 'Thép D10', unit: 'Cây' }, 'separate'],
    [{ code: 'VT1', name: 'Thép D10' }, { code: 'T12', name: 'Thép D12' }, 'separate'],
  ])('items: %j %j', (one, other, band) => expect(bandOf(item, one, other)).toBe(band))

  it('tells its evidence in both languages, with the values', () => {
    const { evidence } = compareRecords(readRecord(party, a), readRecord(party, { ...a, phone: '0900000000' }))
    expect(evidence.map(({ field, points, text }) => [field, points, text])).toEqual([
      ['name', 4, { vi: 'Trùng tên: Công ty TNHH An Phát', en: 'Same name: Công ty TNHH An Phát' }],
      [
        'phone',
        -1,
        { vi: 'Khác số điện thoại: 0912 345 678 / 0900000000', en: 'Phone numbers differ: 0912 345 678 / 0900000000' },
      ],
    ])
  })
})

describe('finding pairs', () => {
  const run = (entrants: readonly Entrant[], rejected?: (a: number, b: number) => boolean): Found => {
    const steps = findPairs(entrants, rejected)
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
    }
  }
  const entrant = (side: 0 | 1, record: Canonical, linked = false): Entrant => ({
    side,
    linked,
    read: readRecord(party, record),
  })

  it('a record has one twin: the best; ties are asked about; what is rejected never meets', () => {
    const entrants = [
      entrant(0, { code: 'A', name: 'An Phát', taxCode: '0100000001' }),
      entrant(1, { code: 'a', name: 'An Phát' }),
      entrant(1, { code: 'X', name: 'An Phát', taxCode: '0100000001' }),
      entrant(0, { code: 'B', name: 'Bình Minh', taxCode: '0100000002' }),
      entrant(1, { code: 'Y', name: 'Bình Minh', taxCode: '0100000002' }),
      entrant(1, { code: 'Z', name: 'Bình Minh', taxCode: '0100000002' }),
    ]
    const { pairs, duplicates } = run(entrants)
    expect(pairs.map(({ a, b, band }) => [a, b, band])).toEqual([
      [0, 1, 'link'],
      [3, 4, 'ask'],
      [3, 5, 'ask'],
    ])
    expect(duplicates.map(({ a, b }) => [a, b])).toContainEqual([4, 5])
    expect(run(entrants, (a, b) => a === 0 && b === 1).pairs[0]).toMatchObject({ a: 0, b: 2, band: 'link' })
  })

  it('linked records have their twin: only their duplicates are found', () => {
    const same = { name: 'Công ty Hòa Bình', phone: '0912345678' }
    const { pairs, duplicates } = run([entrant(0, same, true), entrant(1, same), entrant(0, same)])
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([[2, 1]])
    expect(duplicates.map(({ a, b }) => [a, b])).toEqual([[0, 2]])
  })

  it('never compares everything with everything, however common the words, and yields on the way', () => {
    const count = 3_000
    const entrants = ([0, 1] as const).flatMap((side) =>
      Array.from({ length: count }, (_, i) =>
        entrant(side, {
          code: `${side}-${i}`,
          name: `Công ty TNHH Thương mại ${i}`,
          phone: `024${String(i).padStart(8, '0')}`,
          taxCode: '0000000000',
        }),
      ),
    )
    const steps = findPairs(entrants)
    expect(steps.next().done).toBe(false)
    for (;;) {
      const step = steps.next()
      if (!step.done) continue
      expect(step.value.pairs).toHaveLength(count)
      expect(step.value.compared).toBeLessThan(count * 4)
      return
    }
  })
})
