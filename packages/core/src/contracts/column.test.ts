import { describe, expect, it } from 'vitest'
import { isSyncError } from '../errors/sync-error.ts'
import { ColumnProblem, columns, decodeColumns, encodeColumns, toColumnError } from './column.ts'

describe('columns', () => {
  it('absent stays absent, empty is null, and both differ (D8)', () => {
    const map = { name: columns.text('name'), price: columns.decimal('price') }
    expect(decodeColumns(map, { price: null })).toEqual({ price: null })
    expect(decodeColumns(map, { name: ' ', price: 0 })).toEqual({ name: null, price: '0' })
    expect(encodeColumns(map, { name: null })).toEqual({ name: null })
    expect(encodeColumns(map, { name: undefined })).toEqual({})
  })

  it.each([
    ['text', columns.text('x'), ' Hà\u00a0 Nội '.normalize('NFD'), 'Hà Nội'],
    ['text of a number', columns.text('x'), 12, '12'],
    ['tax code', columns.taxCode('x'), '0123456789-001', '0123456789001'],
    ['e-mail', columns.email('x'), 'A@B.vn', 'a@b.vn'],
    ['guid', columns.guid('x'), 'A1C0E7D2-3B54-5F60-8A11-0B6D2C9E4F41', 'a1c0e7d2-3b54-5f60-8a11-0b6d2c9e4f41'],
    ['decimal text', columns.decimal('x'), '1.50', '1.5'],
    ['decimal with the noise of a float', columns.decimal('x'), 0.1 + 0.2, '0.3'],
    ['money', columns.decimal('x', 4), 1.23456, '1.2346'],
    ['integer', columns.integer('x'), '30', 30],
    ['date', columns.date('x'), '24/11/2026', '2026-11-24'],
    ['time of Accounting', columns.time('x'), '2026-11-24 08:25:01', '2026-11-24T08:25:01.000+07:00'],
    ['time with another offset', columns.time('x'), '2026-11-24T01:25:01.5Z', '2026-11-24T08:25:01.500+07:00'],
    ['negated', columns.negated('x'), true, false],
    ['codes', columns.codeList('x'), ' B; a ;;b', ['B', 'a']],
    ['code array', columns.codeArray('x'), [' B ', '', 'a'], ['B', 'a']],
    ['operator', columns.operator('x'), 'Nhân'.normalize('NFD'), '*'],
    ['operator word', columns.operator('x'), 'DIVIDE', '/'],
    ['VAT text', columns.vatText('x'), '8 %', '8'],
    ['choice', columns.choice('x', { draft: 'Bản nháp' }), 'Bản nháp '.normalize('NFD'), 'draft'],
    ['choice by number', columns.choice('x', { none: 0, some: 1 }), '1', 'some'],
  ])('%s', (_name, column, wire, value) => expect(column.decode!({ x: wire })).toEqual(value))

  it.each([
    ['decimal', columns.decimal('x'), 'mười'],
    ['decimal of a flag', columns.decimal('x'), true],
    ['integer', columns.integer('x'), 1.5],
    ['date', columns.date('x'), '31/02/2026'],
    ['time', columns.time('x'), 'hôm nay'],
    ['flag', columns.flag('x'), 'true'],
    ['operator', columns.operator('x'), '+'],
    ['VAT', columns.vatText('x'), 'mười'],
    ['choice', columns.choice('x', { draft: 'Bản nháp' }), 'bản nháp'],
    ['text of an object', columns.text('x'), {}],
    ['list', columns.list('x', {}), 'A;B'],
    ['list of texts', columns.list('x', {}), ['A']],
  ])('a wrong %s names its column and is never guessed', (_name, column, wire) => {
    expect(() => column.decode!({ x: wire })).toThrow(ColumnProblem)
  })

  it('refuses to write what a JSON number cannot carry', () => {
    expect(() => columns.decimal('x').encode!('1234567890123456')).toThrow('more than 15 digits')
    expect(columns.decimal('x').encode!('999999999999.99')).toEqual({ x: 999999999999.99 })
  })

  it('VAT as rates: the other percent stands beside -3', () => {
    const vat = columns.vatRates('rate', 'other')
    expect(vat.encode!('5.263')).toEqual({ rate: -3, other: 5.263 })
    expect(vat.encode!('8')).toEqual({ rate: 8, other: null })
    expect(vat.encode!(null)).toEqual({ rate: null, other: null })
    expect(vat.decode!({ rate: -3, other: '5.263' })).toBe('5.263')
    expect(vat.decode!({ rate: null })).toBeNull()
    expect(vat.decode!({ other: 5 })).toBeUndefined()
    expect(() => vat.decode!({ rate: -3, other: null })).toThrow('rate: unknown VAT rate')
  })

  it('a list decodes its items, writes whole, and takes single columns of an item', () => {
    const list = columns.list(
      'lines',
      { key: columns.text('line_id'), amount: columns.decimal('amount') },
      { patch: true },
    )
    expect(list.patch).toBe(true)
    expect(list.decode!({ lines: [{ line_id: 41, amount: 1.5 }, { line_id: 42 }] })).toEqual([
      { key: '41', amount: '1.5' },
      { key: '42' },
    ])
    expect(list.decode!({ lines: null })).toEqual([])
    expect(list.decode!({})).toBeUndefined()
    expect(list.encode!([{ key: '41' }])).toEqual({ lines: [{ line_id: '41' }] })
    expect(list.encode!(null)).toEqual({ lines: [] })
  })

  it('half columns are only read, or only written', () => {
    expect(columns.readOnly(columns.text('x')).encode).toBeUndefined()
    expect(columns.writeOnly(columns.text('x')).decode).toBeUndefined()
    expect(encodeColumns({ a: columns.readOnly(columns.text('x')) }, { a: 'b' })).toEqual({})
    expect(decodeColumns({ a: columns.writeOnly(columns.text('x')) }, { x: 'b' })).toEqual({})
  })

  it('a problem becomes the error of a record, in both languages', () => {
    const error = toColumnError(new ColumnProblem('tax', 'unknown VAT: ?'), 'product VT1')
    expect(isSyncError(error) && error.code).toBe('VALUE_NOT_UNDERSTOOD')
    expect(error.text.vi).toContain('tax: unknown VAT: ?')
    expect(error.text.en).toContain('product VT1')
  })
})
