import type { Failure } from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { fieldName, fingerprintOf, withoutValues } from './fingerprint.ts'

const failure = (vi: string, en: string, more: Partial<Failure> = {}): Failure => ({
  code: 'VALUE_INVALID',
  kind: 'recordRejected',
  vi,
  en,
  ...more,
})

describe('fingerprint', () => {
  it.each([
    ['Customers KH000017, tel: a value is not valid', ['KH000017'], 'Customers …, tel: a value is not valid'],
    ['Mã <NV-TRUNG> đã tồn tại', ['NV-TRUNG'], 'Mã <…> đã tồn tại'],
    ['Không có đơn vị tính "Thùng 24 lon"', [], 'Không có đơn vị tính "…"'],
    ['Chứng từ 7f1b3c52-0c1e-5d6a-9b5e-2a4f6c8d0e11 ngày 24/11/2026 bị khóa', [], 'Chứng từ … ngày … bị khóa'],
    ['Too long: 123 of 100', [], 'Too long: … of …'],
    ['KH1 KH2 KH3: no', ['KH1'], '…: no'],
  ])('%s', (text, values, bare) => {
    expect(withoutValues(text, values)).toBe(bare)
  })

  it('two records that fail alike have one fingerprint; another code, field, entity or target has another', () => {
    const of = (key: string, more: Partial<Failure> = {}, entity = 'customer', target = 'accounting') =>
      fingerprintOf(entity, target, failure(`${key}: sai`, `${key}: wrong`, { field: 'detail[0].tel', ...more }), [key])
        .id
    expect(of('KH1')).toBe(of('KHÁCH-LẺ', { field: 'detail[7].tel' }))
    const others = [
      of('KH1', { code: 'X' }),
      of('KH1', { field: 'fax' }),
      of('KH1', {}, 'product'),
      of('KH1', {}, 'customer', 'crm'),
    ]
    expect(new Set([of('KH1'), ...others]).size).toBe(5)
  })

  it('positions are no part of a field’s name', () => {
    expect(fieldName('detail[12].unit_name')).toBe('detail[].unit_name')
  })
})
