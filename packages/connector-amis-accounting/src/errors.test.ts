import { describe, expect, it } from 'vitest'
import { errorTable, refusalError, rowFailure } from './errors.ts'

const refused = (errorCode: string | null, errorMessage: string | null = null, status = 200) => ({
  errorCode,
  errorMessage,
  status,
})

describe('refusalError', () => {
  it.each([
    ['InvalidAppID', 'ACCOUNTING_APP_REFUSED', 'needsPerson'],
    ['InvalidAccessToken', 'ACCOUNTING_ACCESS_CODE_REFUSED', 'needsPerson'],
    ['InvalidToken', 'ACCOUNTING_TOKEN_REFUSED', 'needsPerson'],
    ['ExpiredToken', 'ACCOUNTING_TOKEN_REFUSED', 'needsPerson'],
    ['DBAmisNotConnectDBACT', 'ACCOUNTING_NO_DATABASE', 'needsPerson'],
    ['AppIDDisconnect', 'ACCOUNTING_DISCONNECTED', 'needsPerson'],
    ['InvalidParam', 'ACCOUNTING_CALL_REFUSED', 'config'],
    ['TooMany', 'TOO_MANY_ROWS', 'recordRejected'],
    ['Exception', 'ACCOUNTING_EXCEPTION', 'retriable'],
    ['Brandnew', 'ACCOUNTING_UNKNOWN_ERROR', 'retriable'],
    [null, 'ACCOUNTING_UNKNOWN_ERROR', 'retriable'],
  ])('%s is %s, %s', (errorCode, code, kind) => {
    expect(refusalError('get_dictionary', refused(errorCode))).toMatchObject({ code, kind })
  })

  it('keeps and shows a code that is not known, and what ACT said', () => {
    const error = refusalError('save', refused('Brandnew', 'Lỗi lạ'))
    expect(error.text.vi).toContain('Brandnew: Lỗi lạ')
    expect(error.detail).toMatchObject({ errorCode: 'Brandnew' })
  })

  it('tells a wrong company code at connect, and a function that is not there', () => {
    expect(refusalError('connect', refused('InvalidParam'))).toMatchObject({ code: 'ACCOUNTING_COMPANY_REFUSED' })
    expect(refusalError('get_voucher_state', refused('Exception', null, 404))).toMatchObject({
      code: 'ACCOUNTING_FUNCTION_UNKNOWN',
      kind: 'config',
    })
  })
})

describe('rowFailure', () => {
  it('keeps the Vietnamese text of a locked document', () => {
    expect(rowFailure(refused('IsCreatedVoucher', 'Đã có phiếu xuất kho PX01'))).toMatchObject({
      code: 'DOCUMENT_LOCKED',
      kind: 'needsPerson',
      vi: 'Đã có phiếu xuất kho PX01',
    })
  })

  it('names the field of an invalid row', () => {
    expect(rowFailure(refused('InvalidParam', 'Sai'), 'detail[2].unit_name')).toMatchObject({
      code: 'INVALID_PARAM',
      kind: 'recordRejected',
      field: 'detail[2].unit_name',
    })
  })

  it('retries an unknown code and shows it', () => {
    const failure = rowFailure(refused('Brandnew', 'Lạ'))
    expect(failure.kind).toBe('retriable')
    expect(failure.vi).toBe('Lạ [Brandnew]')
    expect(failure.en).toContain('Brandnew')
  })
})

it('says in both languages what to do', () => {
  for (const { code, message } of Object.values(errorTable)) {
    expect(code).toMatch(/^[A-Z_]+$/)
    expect(message.vi.split('. ').length, code).toBeGreaterThan(1)
    expect(message.en.split('. ').length, code).toBeGreaterThan(1)
  }
})
