import { describe, expect, it } from 'vitest'
import { callbackAnswer, decodeNested, listRows, openEnvelope } from './envelope.ts'

const answer = (more: object) => ({
  Success: true,
  ErrorCode: null,
  ErrorMessage: null,
  Data: null,
  CustomData: null,
  ...more,
})

describe('decodeNested', () => {
  it.each([
    ['text', '[{"a":1}]'],
    ['an array', [{ a: 1 }]],
    ['text encoded twice', JSON.stringify('[{"a":1}]')],
  ])('reads %s', (_form, value) => {
    expect(decodeNested(value)).toEqual([{ a: 1 }])
  })

  it('takes null, nothing and empty text for null, and refuses other text', () => {
    expect([null, undefined, '', ' ', 'null'].map(decodeNested)).toEqual([null, null, null, null, null])
    expect(() => decodeNested('{"a":')).toThrow(SyntaxError)
  })
})

describe('openEnvelope', () => {
  it('opens Data and CustomData, whatever form they have', () => {
    const envelope = openEnvelope('f', answer({ Data: '[1]', CustomData: { LastSyncTime: 'x' } }), 200, true)
    expect(envelope).toMatchObject({ success: true, data: [1], custom: { LastSyncTime: 'x' } })
  })

  it('reads other casings of the names', () => {
    const envelope = openEnvelope('f', { success: false, error_code: 'Exception', errorMessage: 'x' }, 200, true)
    expect(envelope).toMatchObject({ success: false, errorCode: 'Exception', errorMessage: 'x' })
  })

  it.each([
    ['no envelope', { ok: 1 }],
    ['a list', []],
    ['null', null],
    ['Data that is no JSON', answer({ Data: '[{' })],
  ])('refuses %s: retriable for a read, in doubt for a write', (_what, body) => {
    expect(() => openEnvelope('f', body, 200, true)).toThrow(expect.objectContaining({ kind: 'retriable' }))
    expect(() => openEnvelope('f', body, 200, false)).toThrow(expect.objectContaining({ kind: 'inDoubt' }))
  })
})

describe('listRows', () => {
  const open = (more: object) => openEnvelope('get_dictionary', answer(more), 200, true)

  it('never takes a refusal for an empty list', () => {
    expect(() => listRows('f', open({ Success: false, ErrorCode: 'Exception', Data: '[]' }))).toThrow(
      expect.objectContaining({ code: 'ACCOUNTING_EXCEPTION', kind: 'retriable' }),
    )
  })

  it('refuses data that is no list of rows', () => {
    expect(() => listRows('f', open({ Data: '{}' }))).toThrow(
      expect.objectContaining({ code: 'ACCOUNTING_ANSWER_UNREADABLE' }),
    )
    expect(() => listRows('f', open({ Data: '[1]' }))).toThrow(
      expect.objectContaining({ code: 'ACCOUNTING_ANSWER_UNREADABLE' }),
    )
  })
})

it('answers callbacks in the form of §2.5', () => {
  expect(callbackAnswer(true)).toEqual({ Success: true, ErrorCode: null, ErrorMessage: null, Data: null })
  expect(callbackAnswer(false)).toMatchObject({ Success: false, ErrorCode: 'Exception' })
})
