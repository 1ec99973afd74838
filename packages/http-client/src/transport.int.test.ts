import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { isSyncError } from '@amis-sync/core'
import type { SyncError } from '@amis-sync/core'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestClock, createTestLogger, noJitter, startTestServer } from './testing/index.ts'
import type { Answering, TestServer } from './testing/index.ts'
import { createTransport } from './transport.ts'
import type { Transport, TransportOptions, TransportRequest } from './types.ts'

const get: TransportRequest = { method: 'GET', path: '/list', repeatable: true }
const create: TransportRequest = { method: 'POST', path: '/rows', body: [{ name: 'Cái' }], repeatable: false }

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function start(answer: Answering, options: Partial<TransportOptions> = {}) {
  const server: TestServer = await startTestServer(answer)
  const clock = createTestClock()
  const logger = createTestLogger()
  const transport: Transport = createTransport({
    baseUrl: `${server.url}/prefix/`,
    name: 'crm of acme',
    clock,
    random: noJitter,
    logger,
    timeoutMs: 300,
    ...options,
  })
  ends.push(
    () => server.close(),
    () => transport.close(),
  )
  return { server, clock, logger, transport }
}

async function failure(promise: Promise<unknown>): Promise<SyncError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isSyncError(error)) throw new Error(`expected a SyncError, got ${String(error)}`)
  return error
}

describe('sending', () => {
  it('joins prefix, path and query, and sends JSON', async () => {
    const { server, transport } = await start(() => ({ json: { fine: true } }))
    const answer = await transport.request({
      ...create,
      path: '/rows',
      query: { since: '2026-11-24T08:00:00+07:00', ids: [1, 2], skip: undefined },
    })
    expect(answer.json()).toEqual({ fine: true })
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/prefix/rows', body: [{ name: 'Cái' }] })
    expect(server.requests[0]?.query.get('since')).toBe('2026-11-24T08:00:00+07:00')
    expect(server.requests[0]?.query.getAll('ids')).toEqual(['1', '2'])
    expect(server.requests[0]?.query.has('skip')).toBe(false)
    expect(server.requests[0]?.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('returns 4xx answers as they are, JSON or not', async () => {
    const { transport } = await start(() => ({ status: 404, text: 'gone' }))
    const answer = await transport.request(get)
    expect(answer.status).toBe(404)
    expect(() => answer.json()).toThrow(/MALFORMED_ANSWER/)
  })

  it('refuses redirects', async () => {
    const { server, transport } = await start(() => ({ status: 302, headers: { location: '/elsewhere' } }))
    expect(await failure(transport.request(get))).toMatchObject({ code: 'REDIRECT_REFUSED', kind: 'config' })
    expect(server.routes).toEqual(['GET /prefix/list'])
  })

  it('knows the skew of the clocks from the Date header', async () => {
    const date = new Date(Date.now() + 600_000).toUTCString()
    const { transport } = await start(() => ({ headers: { date } }))
    expect(transport.clockSkewMs).toBeUndefined()
    const answer = await transport.request(get)
    expect(answer.date).toBe(Date.parse(date))
    expect(Math.abs((transport.clockSkewMs ?? 0) - 600_000)).toBeLessThan(2_000)
  })
})

describe('repeatable requests', () => {
  const cases: [string, Answering, string][] = [
    ['5xx', () => ({ status: 503, text: 'busy' }), 'SERVER_ERROR'],
    ['a cut connection', () => 'cut', 'CONNECTION_CUT'],
    ['half a body', () => ({ json: { long: 'x'.repeat(100) }, cutAfter: 20 }), 'CONNECTION_CUT'],
    ['truncated JSON', () => ({ text: '{"data":[{"id":1' }), 'MALFORMED_ANSWER'],
    ['an HTML page', () => ({ text: '<html><body>Hệ thống đang bảo trì</body></html>' }), 'MALFORMED_ANSWER'],
    ['an empty body', () => ({ text: '' }), 'MALFORMED_ANSWER'],
    ['no answer in time', () => 'hang', 'TIMEOUT'],
  ]
  it.each(cases)('are tried again after %s, then throw', async (_name, answer, code) => {
    const { server, clock, transport } = await start(answer)
    expect(await failure(transport.request(get))).toMatchObject({ code, kind: 'retriable' })
    expect(server.requests.length).toBe(3)
    expect(clock.slept).toEqual([1_000, 2_000])
  })

  it('succeed when the server recovers', async () => {
    const { transport } = await start((_request, count) => (count < 3 ? 'cut' : { json: [1] }))
    expect((await transport.request(get)).json()).toEqual([1])
  })

  it('give up at once on a body over the limit', async () => {
    const { server, transport } = await start(() => ({ text: 'x'.repeat(5_000) }), { maxResponseBytes: 1_000 })
    expect(await failure(transport.request(get))).toMatchObject({ code: 'ANSWER_TOO_LARGE', kind: 'needsPerson' })
    expect(server.requests.length).toBe(1)
  })
})

describe('non-repeatable requests', () => {
  const cases: [string, Answering, string][] = [
    ['5xx', () => ({ status: 500 }), 'SERVER_ERROR'],
    ['a cut connection', () => 'cut', 'CONNECTION_CUT'],
    ['half a body', () => ({ json: { long: 'x'.repeat(100) }, cutAfter: 20 }), 'CONNECTION_CUT'],
    ['truncated JSON', () => ({ text: '{"results":[' }), 'MALFORMED_ANSWER'],
    ['no answer in time', () => 'hang', 'TIMEOUT'],
    ['a body over the limit', () => ({ text: 'x'.repeat(5_000) }), 'ANSWER_TOO_LARGE'],
  ]
  it.each(cases)('are in doubt after %s, and not sent twice', async (_name, answer, code) => {
    const { server, transport } = await start(answer, { maxResponseBytes: 1_000 })
    expect(await failure(transport.request(create))).toMatchObject({ code, kind: 'inDoubt' })
    expect(server.requests.length).toBe(1)
  })

  it('are retriable when the connection was refused', async () => {
    const { server, transport, clock } = await start(() => ({}))
    await server.close()
    expect(await failure(transport.request(create))).toMatchObject({ code: 'HOST_UNREACHABLE', kind: 'retriable' })
    expect(clock.slept).toEqual([1_000, 2_000])
  })

  it('are retriable when no connection came about in time', async () => {
    // A listener that is full: the kernel lets connections wait, nobody takes them. TLS then never gets its greeting.
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { transport } = await start(() => ({}), {
      baseUrl: `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      retries: 0,
    })
    const error = await failure(transport.request(create))
    expect(error.kind).toBe('retriable')
    expect(['HOST_UNREACHABLE', 'TIMEOUT']).toContain(error.code)
    silent.close()
  })
})

describe('429', () => {
  it('waits as long as Retry-After says, also for writes', async () => {
    const { server, clock, transport } = await start((_request, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : { json: {} },
    )
    await transport.request(create)
    expect(server.requests.length).toBe(2)
    expect(clock.slept).toEqual([7_000])
  })

  it('backs off without Retry-After', async () => {
    const { clock, transport } = await start((_request, count) => (count <= 4 ? { status: 429 } : { json: {} }))
    await transport.request(get)
    expect(clock.slept).toEqual([1_000, 2_000, 4_000, 8_000])
  })

  it('throws RATE_LIMITED when the wait would be too long', async () => {
    const { server, transport } = await start(() => ({ status: 429, headers: { 'retry-after': '3600' } }))
    const error = await failure(transport.request(create))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', kind: 'rateLimited', retryAfterMs: 3_600_000 })
    expect(server.requests.length).toBe(1)
  })

  it('does not loop for ever on Retry-After: 0', async () => {
    const { server, transport } = await start(() => ({ status: 429, headers: { 'retry-after': '0' } }))
    expect(await failure(transport.request(get))).toMatchObject({ code: 'RATE_LIMITED' })
    expect(server.requests.length).toBe(21)
  })

  it('holds back everybody on the connection', async () => {
    const { clock, transport } = await start(
      (_request, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '5' } } : { json: {} }),
      { concurrency: 1 },
    )
    const begun = clock.now()
    await Promise.all([transport.request(get), transport.request(get), transport.request(get)])
    expect(clock.now() - begun).toBe(5_000)
  })
})

describe('faults that a system tells in its own way', () => {
  const ask = (fault: 'SERVER_ERROR' | 'RATE_LIMITED', request: TransportRequest): TransportRequest => ({
    ...request,
    faultIn: (answer) => ((answer.json() as { fine: boolean }).fine ? undefined : fault),
  })

  it('are treated like those of HTTP', async () => {
    const { server, clock, transport } = await start((_request, count) => ({ json: { fine: count % 3 === 0 } }))
    expect((await transport.request(ask('SERVER_ERROR', get))).json()).toEqual({ fine: true })
    expect((await transport.request(ask('RATE_LIMITED', create))).json()).toEqual({ fine: true })
    expect(clock.slept).toEqual([1_000, 2_000, 1_000, 2_000])
    expect(await failure(transport.request(ask('SERVER_ERROR', create)))).toMatchObject({ kind: 'inDoubt' })
    expect(server.requests.length).toBe(7)
  })

  it('wait as long as a 503 says', async () => {
    const { clock, transport } = await start((_request, count) =>
      count === 1 ? { status: 503, headers: { 'retry-after': '9' } } : { json: {} },
    )
    await transport.request(get)
    expect(clock.slept).toEqual([9_000])
  })
})

describe('budget', () => {
  it('starts at most so many requests within any minute', async () => {
    const { clock, transport } = await start(() => ({}), { requestsPerMinute: 3 })
    const begun = clock.now()
    const at: number[] = []
    for (let i = 0; i < 7; i++) {
      await transport.request(get)
      at.push(clock.now() - begun)
      clock.advance(1_000)
    }
    expect(at).toEqual([0, 1_000, 2_000, 60_000, 61_000, 62_000, 120_000])
  })

  it('keeps to the concurrency', async () => {
    let now = 0
    let most = 0
    const { transport } = await start(
      async () => {
        most = Math.max(most, ++now)
        await new Promise((resolve) => setTimeout(resolve, 10))
        now--
        return {}
      },
      { concurrency: 2 },
    )
    await Promise.all(Array.from({ length: 8 }, () => transport.request(get)))
    expect(most).toBe(2)
  })
})

describe('secrets and closing', () => {
  it('never logs a secret header, nor puts one in an error', async () => {
    const { logger, transport } = await start(() => ({ status: 500 }), { redact: ['X-Own'] })
    const headers = { authorization: 'Bearer s3cret', 'x-misa-accesstoken': 's3cret', 'x-own': 's3cret' }
    const error = await failure(transport.request({ ...create, headers, body: { client_secret: 's3cret' } }))
    expect(JSON.stringify([logger.lines, error, error.message, error.text, error.detail])).not.toContain('s3cret')
    expect(JSON.stringify(logger.lines)).toContain('[redacted]')
    expect(error.text.vi).toContain('crm of acme, POST /rows')
  })

  it('ends waiting requests when it is closed', async () => {
    const { transport } = await start(() => ({ delayMs: 50 }), { concurrency: 1 })
    const first = transport.request(get)
    const second = failure(transport.request(get))
    await new Promise((resolve) => setTimeout(resolve, 10))
    await transport.close()
    expect((await first).status).toBe(200)
    expect(await second).toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(await failure(transport.request(get))).toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
})
