import {
  type EntityPlugin,
  type Failure,
  type Link,
  type TenantStore,
  type WorkHint,
  type WorkSettlement,
  waitKey,
  workId,
} from '@amis-sync/core'
import { type FailedRecord, failedRecords, failureGroups, waitingGroups } from '@amis-sync/engine'
import { plugin as customer } from '@amis-sync/entity-customer'
import { plugin as group } from '@amis-sync/entity-customer-group'
import { createMemoryStore } from '@amis-sync/testkit'
import { expect, it } from 'vitest'

const plugins: readonly EntityPlugin[] = [group, customer]
const failure: Failure = { code: 'INVALID_PARAM', kind: 'recordRejected', vi: 'Sai mã số thuế.', en: 'Wrong tax code.' }

const customerHint = (id: string): WorkHint => ({
  entity: 'customer',
  side: 'crm',
  resource: 'Customers',
  recordId: id,
})
const groupHint = (id: string): WorkHint => ({
  entity: 'customer-group',
  side: 'crm',
  resource: 'CustomerGroups',
  recordId: id,
})
const groupKey = (id: string) => waitKey('customer-group', 'crm', { resource: 'CustomerGroups', id })

function link({ entity, side, resource, recordId }: WorkHint, more: Partial<Link> = {}): Link {
  const sides = { [side]: { resource, id: recordId!, key: `M-${recordId}`, known: { name: `Tên ${recordId}` } } }
  return { id: `${entity}/${recordId}`, entity, sides, linked: false, trail: [], revision: 0, ...more }
}

async function settled(store: TenantStore, hint: WorkHint, to: WorkSettlement['to'], at = 10): Promise<void> {
  await store.links.save([{ link: link(hint) }])
  await store.work.add([hint], at)
  await store.work.settle([{ id: workId(hint), hintRevision: 1, to }], at)
}

const waiting = (...keys: string[]) => ({ state: 'waiting', waitingFor: keys, failure }) as const
const fresh = () => createMemoryStore().forTenant('acme')

it('what waits is grouped by what is missing, with the chain down to what is refused', async () => {
  const store = fresh()
  await settled(store, customerHint('1'), waiting(groupKey('A')))
  await settled(store, customerHint('2'), waiting(groupKey('A')), 5)
  await settled(store, groupHint('A'), waiting(groupKey('B')))
  await settled(store, groupHint('B'), { state: 'parked', failure })
  const groups = await waitingGroups(store, plugins)
  expect(groups.map(({ key, count }) => [key, count])).toEqual([
    ['M-A', 2],
    ['M-B', 1],
  ])
  expect(groups[0]).toMatchObject({
    name: 'Tên A',
    since: 5,
    circular: false,
    chain: [
      { vi: 'Nhóm khách hàng M-A', en: 'Customer groups M-A' },
      { vi: 'Nhóm khách hàng M-B', en: 'Customer groups M-B' },
    ],
    why: { vi: 'Nhóm khách hàng M-B: Sai mã số thuế.' },
    todo: { vi: expect.stringContaining('Sửa M-B ở hệ thống nguồn') },
  })
  expect(await waitingGroups(store, plugins, { entity: 'customer' })).toHaveLength(1)
})

it('records that wait for each other are told as a circle', async () => {
  const store = fresh()
  await settled(store, groupHint('A'), waiting(groupKey('B')))
  await settled(store, groupHint('B'), waiting(groupKey('A')))
  const groups = await waitingGroups(store, plugins)
  expect(groups.map(({ circular }) => circular)).toEqual([true, true])
  expect(groups[0]!.why.vi).toMatch(/chờ lẫn nhau: Nhóm khách hàng M-(A|B) → .* → Nhóm khách hàng M-(A|B)\.$/)
})

it.each<[string, (store: TenantStore) => Promise<unknown>, RegExp, RegExp]>([
  ['nobody knows it', async () => undefined, /Không tìm thấy/, /Kiểm tra mã/],
  [
    'it is deleted',
    (store) =>
      store.links.save([
        {
          link: link(groupHint('A'), { sides: { crm: { resource: 'CustomerGroups', id: 'A', key: 'A', gone: true } } }),
        },
      ]),
    /đã bị xóa/,
    /bản ghi khác/,
  ],
  ['it is on its way', (store) => store.work.add([groupHint('A')], 1), /đang được gửi/, /không cần làm gì/],
  [
    'it is a conflict',
    (store) => settled(store, groupHint('A'), { state: 'conflict', failure, conflict: [] }),
    /Sai mã số thuế/,
    /conflicts resolve/,
  ],
  [
    'nobody asked for it',
    (store) =>
      store.links.save([{ link: link(groupHint('A'), { trail: [{ at: 1, what: 'ignore', why: 'NOT_NEEDED_YET' }] }) }]),
    /Chưa gửi vì/,
    /customer-group --key M-A --from crm/,
  ],
  [
    'its type is off',
    (store) => store.saveState({ phase: 'live', updatedAt: 0, off: { 'customer-group': failure } }),
    /Sai mã số thuế/,
    /doctor/,
  ],
])('why what is missing does not come: %s', async (_what, prepare, why, todo) => {
  const store = fresh()
  await prepare(store)
  await settled(store, customerHint('1'), waiting(groupKey('A')))
  const [one] = await waitingGroups(store, plugins)
  expect(one!.why.vi).toMatch(why)
  expect(one!.todo.vi).toMatch(todo)
})

it('an entity that is not loaded is named as what is missing', async () => {
  const store = fresh()
  await settled(store, customerHint('1'), waiting(groupKey('A')))
  const [one] = await waitingGroups(store, [customer])
  expect(one!.why.vi).toContain('không được đồng bộ')
})

it('failures are grouped, with first and last time; an outcome that is overdue is one, too', async () => {
  const store = fresh()
  const retried = {
    state: 'failed',
    failure: { ...failure, vi: 'KH M-1: lỗi 17', en: 'M-1: fault 17' },
    attempts: 3,
    notBefore: 99,
  } as const
  await settled(store, customerHint('1'), retried, 10)
  await settled(
    store,
    customerHint('2'),
    { state: 'parked', failure: { ...failure, vi: 'KH M-2: lỗi 18', en: 'M-2: fault 18' } },
    30,
  )
  const late = customerHint('3')
  await settled(store, late, { state: 'accepted' }, 40)
  const write = { opId: 'op', resource: 'AccountObjects', operation: 'create', row: {} } as const
  const work = [{ id: workId(late), hintRevision: 1, key: late }]
  await store.journal.record([
    {
      id: 'op',
      entity: 'customer',
      system: 'accounting',
      state: 'accepted',
      write,
      link: link(late),
      work,
      attempts: 0,
      at: 40,
    },
  ])
  const groups = await failureGroups(store, plugins, {}, 700_000)
  expect(groups).toMatchObject([
    {
      code: 'INVALID_PARAM',
      count: 2,
      states: { failed: 1, parked: 1 },
      first: 10,
      last: 30,
      message: { vi: 'KH …: lỗi …' },
    },
    { code: 'OUTCOME_OVERDUE', count: 1, states: { accepted: 1 } },
  ])
  expect(await failureGroups(store, plugins, { code: 'INVALID_PARAM' }, 500)).toHaveLength(1)
  const found: FailedRecord[] = []
  for await (const one of failedRecords(store, plugins, { fingerprint: groups[0]!.id }, 500)) found.push(one)
  expect(found).toMatchObject([
    { key: 'M-1', name: 'Tên 1', state: 'failed', attempts: 3, retryAt: 99 },
    { key: 'M-2', state: 'parked' },
  ])
})
