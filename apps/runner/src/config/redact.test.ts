import { expect, it } from 'vitest'
import { redact } from './redact.ts'

it('hides secrets at any depth, keeps references and everything else', () => {
  expect(
    redact({
      crm: { clientId: 'acme', clientSecret: 'hunter2', webhookSecret: '${env:HOOK}', accessCode: 12 },
      list: [{ apiKey: 'k', name: 'n' }],
      uri: 'mongodb://user:pass@host/db?x=1',
      plain: 'mongodb://host/db',
    }),
  ).toEqual({
    crm: { clientId: 'acme', clientSecret: '***', webhookSecret: '${env:HOOK}', accessCode: '***' },
    list: [{ apiKey: '***', name: 'n' }],
    uri: 'mongodb://user:***@host/db?x=1',
    plain: 'mongodb://host/db',
  })
})
