import { type Canonical, columns, defineEntityPlugin, definePolicy, field, onlyFrom } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { mergeRecord } from '../pure/merge.ts'
import { viewPlugin } from '../pure/plugin-view.ts'
import { lastKnown } from './gather.ts'
import { linkAfterMerge } from './link-draft.ts'
import type { Group, SeenSide } from './observation.ts'

const [sent, back] = [onlyFrom('crm'), onlyFrom('accounting')]
const lines = {
  key: columns.code('key'),
  quantity: columns.decimal('quantity'),
  delivered: columns.decimal('delivered'),
}
const side = {
  write: 'patch',
  resources: [{ resource: 'Orders', columns: { status: columns.text('status'), lines: columns.list('lines', lines) } }],
} as const
const view = viewPlugin(
  defineEntityPlugin({
    id: 'order',
    version: '0.1.0',
    coreRange: '^1.0.0',
    labels: { vi: 'Đơn', en: 'Order' },
    kind: 'document',
    sides: ['crm', 'accounting'],
    schema: z.object({}),
    fields: {
      status: field.text(back),
      lines: field.list(sent, 'key', {
        key: field.code(sent),
        quantity: field.decimal(sent),
        delivered: field.decimal(back),
      }),
    },
    wire: { crm: side, accounting: side },
    policy: definePolicy({ directions: [] }),
    firstSync: { step: 3, directions: [] },
  }),
)

function groupOf(link: Group['link'], crm: Canonical, accounting: Canonical): Group {
  const seen = (value: Canonical): SeenSide => ({
    value,
    gone: false,
    triggers: new Set(),
    pulledBy: new Set(),
    observed: true,
  })
  return {
    link,
    seen: new Map([
      ['crm', seen(crm)],
      ['accounting', seen(accounting)],
    ]),
    work: [],
  }
}

function merge({ link, seen }: Group) {
  const at = (system: string) => ({
    system,
    current: seen.get(system)!.value!,
    last: lastKnown(view, link, system),
    sends: true,
    writable: () => true,
  })
  return mergeRecord({
    fields: view.plugin.fields,
    a: at('crm'),
    b: at('accounting'),
    base: link.base ?? {},
    rule: () => 'ask',
  })
}

it('a document that both sides changed is written once to each, and then rests', () => {
  const at = { resource: 'Orders', id: '1' }
  const before = { status: 'new', lines: [{ key: '41', quantity: '5', delivered: '0' }] }
  const start = {
    id: 'x',
    entity: 'order',
    sides: { crm: at, accounting: at },
    linked: true,
    base: before,
    trail: [],
    revision: 1,
  }
  const crm = { status: 'new', lines: [{ key: '41', quantity: '7', delivered: '0' }] }
  const accounting = { status: 'done', lines: [{ key: '41', delivered: '3' }] }

  const first = groupOf(start, crm, accounting)
  const one = merge(first)
  expect(one.to.b.write.lines).toMatchObject([{ key: '41', quantity: '7' }])
  const afterOne = linkAfterMerge(view, first, one, { side: 'a', from: 'accounting' })

  const second = groupOf(afterOne, crm, accounting)
  const two = merge(second)
  expect(two.to.b.write).toEqual({})
  expect(two.to.a.items.lines).toEqual([{ key: '41', delivered: '3' }])
  expect(two.to.a.write.status).toBe('done')
  const afterTwo = linkAfterMerge(view, second, two, undefined)

  const told = { status: 'done', lines: [{ key: '41', quantity: '7', delivered: '3' }] }
  const three = merge(groupOf(afterTwo, told, accounting))
  expect([three.to.a.write, three.to.b.write]).toEqual([{}, {}])
})
