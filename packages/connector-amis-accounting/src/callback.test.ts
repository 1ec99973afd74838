import { describe, expect, it } from 'vitest'
import { callbackSignature, receiveCallback } from './callback.ts'

const proof = { appId: 'demo-app', orgCompanyCode: 'demo' }
const refid = '7f1b3c52-0c1e-5d6a-9b5e-2a4f6c8d0e11'

const deliver = (body: unknown) => ({
  headers: {},
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: 0,
})

const signed = (dataType: number, data: unknown, more: object = {}) => {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return deliver({
    success: true,
    error_code: null,
    error_message: null,
    signature: callbackSignature(text, proof.appId),
    data_type: dataType,
    data: text,
    org_company_code: 'demo',
    app_id: 'demo-app',
    ...more,
  })
}

const receive = (dataType: number, data: unknown) => receiveCallback(signed(dataType, data), proof)

it('signs the test vector of §2.5', () => {
  const data = `[{"org_refid":"${refid}","success":false,"error_message":"Mã đã tồn tại"}]`.normalize('NFC')
  expect(callbackSignature(data, 'demo-app')).toBe('08436769cd7411592756873797a266ed323c5c7051c076dc7ceb6b5f2c443fb3')
})

describe('proof', () => {
  it.each([
    ['a wrong signature', { signature: '0'.repeat(64) }],
    ['no signature', { signature: null }],
    ['a short signature', { signature: 'ab' }],
    ['another app', { app_id: 'other' }],
    ['another company', { org_company_code: 'other' }],
    ['changed data', { data: '[ ]' }],
  ])('refuses %s', (_what, more) => {
    expect(() => receiveCallback(signed(1, [], more), proof)).toThrow(
      expect.objectContaining({ code: 'DELIVERY_UNTRUSTED' }),
    )
  })

  it.each([
    ['no JSON', deliver('<html>')],
    ['broken UTF-8', { ...deliver(''), body: Uint8Array.from([0x22, 0xff, 0x22]) }],
    ['no object', deliver('[]')],
    ['no data', signed(1, [], { data: null })],
    ['data of another form', signed(1, { a: 1 })],
    ['data that is no JSON', signed(3, '[{')],
    ['a push without documents', signed(22, [])],
  ])('calls %s malformed', (_what, delivery) => {
    expect(() => receiveCallback(delivery, proof)).toThrow(expect.objectContaining({ code: 'DELIVERY_MALFORMED' }))
  })
})

describe('outcomes', () => {
  it.each([1, 2])('reads documents (type %i)', (type) => {
    const row = { org_refid: refid.toUpperCase(), voucher_type: 20, session_id: 's' }
    const rows = [
      { ...row, success: true, error_code: null },
      { ...row, success: false, error_code: 'IsCreatedVoucher', error_message: 'Đã phát sinh hóa đơn' },
      { ...row, success: false, error_code: 'VoucherNotFound' },
      { ...row, success: false, error_code: 'InvalidParam', error_field: 'detail[2].unit_name' },
      { ...row, success: false, error_code: 'Exception' },
      { ...row, success: false, error_code: 'Brandnew', error_message: 'Lạ' },
      { ...row, success: false, error_message: 'Mã đã tồn tại' },
    ]
    const { outcomes, hints } = receive(type, rows)
    expect(hints).toEqual([])
    const operation = type === 2 ? 'delete' : 'save'
    expect(outcomes[0]).toEqual({ resource: 'Vouchers', id: refid, operation, session: 's', status: 'applied' })
    expect(outcomes.map(({ status, failure }) => [status, failure?.code, failure?.kind])).toEqual([
      ['applied', undefined, undefined],
      ['rejected', 'DOCUMENT_LOCKED', 'needsPerson'],
      ['missing', 'DOCUMENT_NOT_FOUND', 'recordRejected'],
      ['rejected', 'INVALID_PARAM', 'recordRejected'],
      ['rejected', 'ACCOUNTING_EXCEPTION', 'retriable'],
      ['rejected', 'ACCOUNTING_UNKNOWN_ERROR', 'retriable'],
      ['rejected', 'ACCOUNTING_UNKNOWN_ERROR', 'retriable'],
    ])
    expect(outcomes[1]!.failure!.vi).toBe('Đã phát sinh hóa đơn')
    expect(outcomes[3]!.failure!.field).toBe('detail[2].unit_name')
  })

  it('reads dictionary rows by their write number', () => {
    const { outcomes } = receive(3, [
      { org_refid: 'op', dictionary_type: 3, code: 'VT1', id: 'I', success: true, session_id: 's' },
      { org_refid: null, dictionary_type: 6, code: 'Cái', id: 'u', success: true },
      { org_refid: 'op2', dictionary_type: 1, code: 'KH1', id: null, success: false, error_code: 'DuplicateCode' },
      { org_refid: 'op3', dictionary_type: 999, success: true },
    ])
    expect(outcomes).toMatchObject([
      { opId: 'op', resource: 'InventoryItems', id: 'i', key: 'VT1', session: 's', status: 'applied' },
      { resource: 'Units', id: 'u', key: 'Cái', status: 'applied' },
      { opId: 'op2', resource: 'AccountObjects', key: 'KH1', status: 'duplicate', failure: { code: 'DUPLICATE_CODE' } },
    ])
    expect(outcomes).toHaveLength(3)
    expect(outcomes[1]).not.toHaveProperty('opId')
  })

  it('does not take a fault of the delivery for one of the document', () => {
    const row = { org_refid: refid, success: false }
    expect(
      receive(1, [
        { ...row, error_code: '99' },
        { ...row, error_message: 'Call callback URL failed' },
      ]).outcomes,
    ).toEqual([])
  })

  it('takes data that is encoded twice', () => {
    expect(receive(1, JSON.stringify(JSON.stringify([{ org_refid: refid, success: true }]))).outcomes).toHaveLength(1)
  })
})

describe('hints', () => {
  it('takes a push for a hint, never for data', () => {
    const push = {
      voucher: [{ org_refid: refid, org_refno: 'DH1', exists: false, total_amount: 5 }],
      custom_param: { ModelState: 3 },
    }
    expect(receive(22, push)).toEqual({ outcomes: [], hints: [{ resource: 'Vouchers', id: refid, key: 'DH1' }] })
  })

  it('reads dictionary hints by their read number', () => {
    const rows = [
      { data_type: 2, id: 'I', code: 'VT1', change: 'updated', modified_date: '2026-11-24 08:25:01' },
      { data_type: 6, id: 'u', code: 'CN1', change: 'deleted' },
      { data_type: 999, id: 'x', change: 'created' },
    ]
    expect(receive(23, { dictionary: rows }).hints).toEqual([
      { resource: 'InventoryItems', id: 'i', key: 'VT1' },
      { resource: 'OrganizationUnits', id: 'u', key: 'CN1', deleted: true },
    ])
  })

  it.each([4, 5, 18, 24, 77])('takes type %i and does nothing', (type) => {
    expect(receive(type, 'anything at all')).toEqual({ outcomes: [], hints: [] })
  })
})
