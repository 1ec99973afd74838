import type { PlanHeader, PlanItem } from '@amis-sync/engine'
import { expect, it } from 'vitest'
import type { CliContext } from './cli-context.ts'
import { type Language, translator } from './language.ts'
import { planText } from './plan-text.ts'

const reason = { code: 'FIELD_CONFLICT', vi: 'Hai bên khác nhau.', en: 'The sides differ.' }
const item: PlanItem = {
  id: '1',
  entity: 'customer',
  from: 'crm',
  to: 'accounting',
  resource: 'Customers',
  recordId: '1',
  key: 'KH1',
  name: 'Công ty 1',
  action: 'conflict',
  reason,
  conflict: [{ field: 'phone', values: { crm: '1', accounting: '2' }, base: null }],
  versions: {},
}
const header: PlanHeader = {
  format: 'amis-sync-plan',
  formatVersion: 1,
  plan: 'p1',
  tenant: 'acme',
  mode: 'first-sync',
  scope: { step: 2 },
  stepsBefore: [1],
  settings: {
    convertedFrom: 'none',
    enabled: ['customer'],
    options: { 'sales-order': { recordAs: 'contract' } },
    conflicts: { customer: { default: 'ask' } },
  },
  settingsPrint: '',
  computedAt: 0,
  items: 1,
  counts: [
    {
      entity: 'customer',
      from: 'crm',
      to: 'accounting',
      action: 'conflict',
      reason,
      count: 1,
      links: 1,
      pulled: 0,
      fields: { phone: 1 },
    },
  ],
  duplicates: [{ entity: 'customer', side: 'crm', key: 'X1', records: ['Contacts/1', 'Customers/1'] }],
  requests: [{ system: 'crm', reads: 3, writes: 2, perMinute: 60 }],
  seconds: { least: 1, most: 4 },
  samples: [item],
  sum: '',
}

const text = (language: Language, more: Partial<PlanHeader> = {}) =>
  planText({ ...header, ...more }, [], { language, t: translator(language) } as CliContext)

it.each<[Language, readonly string[]]>([
  [
    'vi',
    [
      'bước 2',
      'Chưa ghi gì',
      'Bước 1 chưa xong',
      'xung đột 1',
      'Hai bên khác nhau',
      'Trùng mã',
      '1–4 giây',
      '! xung đột',
    ],
  ],
  [
    'en',
    [
      'step 2',
      'Nothing was written',
      'Step 1 is not done',
      'conflict 1',
      'The sides differ',
      'One code twice',
      '1–4 seconds',
      '! conflict',
    ],
  ],
])('a plan says in %s what, why, about whom, how much, and what its symbols mean', (language, parts) => {
  const said = text(language)
  for (const part of [
    ...parts,
    'sales-order.recordAs=contract',
    'customer.default=ask',
    'phone (crm: "1", accounting: "2")',
    'KH1 Công ty 1',
    'Contacts/1, Customers/1',
  ])
    expect(said).toContain(part)
})

it('a plan of nothing says so', () => {
  expect(text('en', { counts: [], samples: [], duplicates: [], stepsBefore: [] })).toContain('There is nothing to do.')
})
