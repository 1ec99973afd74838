import { expect, it } from 'vitest'
import { configSchema } from './config.ts'

const least = { baseUrl: 'https://act.example.vn/prefix/', appId: 'a', accessCode: 'b', orgCompanyCode: 'c' }

it('takes the least and all, and cuts the trailing slash', () => {
  expect(configSchema.parse(least)).toEqual({ ...least, baseUrl: 'https://act.example.vn/prefix' })
  const all = {
    ...least,
    debtSign: 'negative',
    requestsPerMinute: 600,
    batchSize: 50,
    outcomeTimeoutMs: 5_000,
    timeoutMs: 2_000,
    capabilities: { voucherState: false, quotes: true },
  }
  expect(configSchema.parse(all)).toMatchObject({ batchSize: 50, capabilities: { voucherState: false, quotes: true } })
})

it.each([
  ['an address without protocol', { baseUrl: 'act.example.vn' }, 'baseUrl'],
  ['another protocol', { baseUrl: 'ftp://act.example.vn' }, 'baseUrl'],
  ['no app id', { appId: undefined }, 'appId'],
  ['an empty access code', { accessCode: ' ' }, 'accessCode'],
  ['too large a batch', { batchSize: 201 }, 'batchSize'],
  ['an unknown flag', { capabilities: { telepathy: true } }, 'capabilities'],
  ['an unknown setting', { accesscode: 'x' }, ''],
])('refuses %s by name', (_what, more, path) => {
  const result = configSchema.safeParse({ ...least, ...more })
  expect(result.success).toBe(false)
  expect(result.error!.issues[0]!.path[0] ?? '').toBe(path)
  expect(result.error!.issues[0]!.message).not.toBe('')
})
