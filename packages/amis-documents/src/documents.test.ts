import { type Canonical, type Row, columns, decodeColumns, encodeColumns } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { accountingDocument, isOfType, ofState } from './accounting.ts'
import { answerIn, answerTo, isOlder } from './answers.ts'
import { beyondHold } from './beyond.ts'
import { crmDocument } from './crm.ts'
import { backPathsOf, headerFields, linesField } from './fields.ts'
import { numberedList } from './numbered-list.ts'

const line = { line_id: 41, product_code: 'VT1', unit: 'Cái', amount: 2, price: 10, tax_percent: null }
const row = (change: Row = {}): Row => ({ account_number: 'KH1', currency_type: 'VND', lines: [line], ...change })
const read = (change: Row = {}) => decodeColumns(crmDocument('lines'), row(change))

describe('columns of documents', () => {
  it('nothing of a CRM document can be written but the line columns that are named', () => {
    expect(Object.values(crmDocument('lines')).filter(({ encode }) => encode)).toEqual([])
    const map = crmDocument('lines', { more: { delivered: columns.decimal('shipping_amount') }, writable: true })
    expect(encodeColumns(map, { lines: [{ key: '41', product: 'VT1', delivered: '1' }] })).toEqual({
      lines: [{ line_id: 41, shipping_amount: 1 }],
    })
  })

  it('a line keeps its place in the list, its price in the currency of the document, and its VAT', () => {
    expect(read().lines).toEqual([
      { key: '41', product: 'VT1', unit: 'Cái', quantity: '2', unitPrice: '10', vat: null, sortOrder: 1 },
    ])
    expect((read({ currency_type: 'USD' }).lines as readonly Canonical[])[0]).not.toHaveProperty('unitPrice')
    expect(encodeColumns(accountingDocument(), { lines: [{ key: 'x', vat: null, discount: '0' }] })).toEqual({
      detail: [{ ref_detail_id: 'x', vat_rate: -1, discount_amount: 0 }],
      discount_type: 0,
    })
  })

  it('lines of Accounting are read only where the document asks for figures of its state', () => {
    expect(accountingDocument().lines!.decode).toBeUndefined()
    const map = accountingDocument({ state: { sold: columns.decimal('quantity_delivered_sa') } })
    const detail = [{ ref_detail_id: 'A', quantity_delivered_sa: 3, unit_price: 9 }]
    expect(decodeColumns(map, { detail })).toEqual({ lines: [{ key: 'a', sold: '3' }] })
    expect(decodeColumns(map, { detail, queued: true })).toEqual({})
  })

  it('a state that waits in the queue says nothing, not even its type', () => {
    expect(ofState(columns.text('x')).decode!({ x: 'a', exists: false })).toBeUndefined()
    const accepts = isOfType(121)
    expect([accepts({ voucher_type: 121 }), accepts({ voucher_type: 20 }), accepts({ voucher_type: null })]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('what the contract does not cover is named, and held', () => {
    expect(read().beyond).toEqual([])
    const strange = read({ tax_overall: 5, lines: [{ ...line, amount: -1, serial_numbers: 'SN1' }] })
    expect(strange.beyond).toEqual(['overall', 'serial', 'return'])
    expect(beyondHold(strange)?.code).toBe('NOT_IN_CONTRACT')
    expect(beyondHold(read())).toBeUndefined()
  })
})

describe('answers', () => {
  it('name the request that they answer, where it is counted', () => {
    expect([answerTo('refused', 2), answerTo('refused', null)]).toEqual(['refused:2', 'refused'])
    expect([answerIn({ refused: 1 }, 'refused:2'), answerIn({ refused: 1 }, 'lost:2'), answerIn({}, null)]).toEqual([
      'refused',
      undefined,
      undefined,
    ])
    expect(isOlder({ requestSeq: 1 }, { requestSeq: 2 })).toBe(true)
    expect(isOlder({ requestSeq: 2 }, { requestSeq: 2 })).toBe(false)
    expect(isOlder({}, { requestSeq: 2 })).toBe(false)
  })

  it('a list keyed by number tells equal numbers apart', () => {
    const list = numberedList('list', { number: columns.text('no') })
    expect(list.decode!({ list: [{ no: 'A' }, { no: 'A' }, { no: null }] })).toEqual([
      { key: 'A', number: 'A' },
      { key: 'A#2', number: 'A' },
      { key: '', number: null },
    ])
    expect(list.decode!({})).toBeUndefined()
  })

  it('the way back is what Accounting owns', () => {
    expect(backPathsOf({ ...headerFields, lines: linesField() })).toEqual([])
  })
})
