import { describe, expect, it } from 'vitest'
import { createTestClock } from './testing/index.ts'
import { createTokenSource, withToken } from './token-source.ts'

function start(expiresInMs = 3_600_000, renewBeforeMs = 600_000) {
  const clock = createTestClock()
  let fetched = 0
  const tokens = createTokenSource({
    clock,
    renewBeforeMs,
    fetch: async () => {
      await Promise.resolve()
      return { token: `t${++fetched}`, expiresInMs }
    },
  })
  return { clock, tokens, fetched: () => fetched }
}

describe('createTokenSource', () => {
  it('asks once for all who wait', async () => {
    const { tokens, fetched } = start()
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(['t1', 't1', 't1'])
    expect(fetched()).toBe(1)
  })

  it('renews before the end', async () => {
    const { tokens, clock } = start()
    await tokens.get()
    clock.advance(2_999_999)
    expect(await tokens.get()).toBe('t1')
    clock.advance(1)
    expect(await tokens.get()).toBe('t2')
  })

  it('takes at most half of a short life as the margin', async () => {
    const { tokens, clock } = start(60_000)
    await tokens.get()
    clock.advance(29_999)
    expect(await tokens.get()).toBe('t1')
  })

  it('forgets a refused token once, however many complain', async () => {
    const { tokens, fetched } = start()
    const old = await tokens.get()
    tokens.invalidate(old)
    expect(await tokens.get()).toBe('t2')
    tokens.invalidate(old)
    expect(await tokens.get()).toBe('t2')
    expect(fetched()).toBe(2)
  })

  it('lets a failed renewal fail all who waited, and starts anew', async () => {
    const clock = createTestClock()
    let calls = 0
    const tokens = createTokenSource({
      clock,
      renewBeforeMs: 0,
      fetch: () => (++calls === 1 ? Promise.reject(new Error('down')) : Promise.resolve({ token: 'ok' })),
    })
    const results = await Promise.allSettled([tokens.get(), tokens.get()])
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
    expect(await tokens.get()).toBe('ok')
  })
})

describe('withToken', () => {
  it('repeats once with a new token', async () => {
    const { tokens } = start()
    const used: string[] = []
    const answer = await withToken(
      tokens,
      'crm',
      (token) => Promise.resolve(used.push(token)),
      (count) => count === 1,
    )
    expect(answer).toBe(2)
    expect(used).toEqual(['t1', 't2'])
  })

  it('throws CREDENTIALS_REFUSED after the second refusal', async () => {
    const { tokens, fetched } = start()
    const call = withToken(
      tokens,
      'crm of acme',
      () => Promise.resolve(401),
      (status) => status === 401,
    )
    await expect(call).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED', kind: 'needsPerson' })
    expect(fetched()).toBe(2)
  })
})
