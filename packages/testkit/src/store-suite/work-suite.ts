import { waitKey, workId } from '@amis-sync/core'
import { describe, expect, test } from 'vitest'
import type { StoreUnderTest } from '../store-suite.ts'
import { failureOf, hintOf, hostileRow, itemOf } from './samples.ts'

export function describeWork({ freshTenant }: StoreUnderTest): void {
  describe('work', () => {
    test('hints for one record coalesce', async () => {
      const { work } = freshTenant()
      const row = { resource: 'Customers', id: '1', version: '1', row: hostileRow() }
      await work.add([hintOf('1', { triggers: ['webhook'], observed: row })], 10)
      const newer = { ...row, version: '2' }
      await work.add(
        [hintOf('1', { triggers: ['manual', 'webhook'], pulledBy: ['order'], observed: newer }), hintOf('1')],
        20,
      )
      const item = await itemOf(work, hintOf('1'))
      expect({ ...item, triggers: [...item!.triggers].sort(), observed: undefined }).toEqual({
        ...hintOf('1'),
        id: workId(hintOf('1')),
        state: 'ready',
        triggers: ['manual', 'webhook'],
        pulledBy: ['order'],
        observed: undefined,
        attempts: 0,
        notBefore: 10,
        waitingFor: [],
        createdAt: 10,
        hintRevision: 3,
      })
      expect(JSON.stringify(item?.observed)).toBe(JSON.stringify(newer))
    })

    test('"gone" is kept until a hint takes it back', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1', { deleted: true })], 1)
      await work.add([hintOf('1')], 2)
      expect((await itemOf(work, hintOf('1')))?.deleted).toBe(true)
      await work.add([hintOf('1', { deleted: false })], 3)
      expect((await itemOf(work, hintOf('1')))?.deleted).toBe(false)
    })

    test('records are named by id or by key', async () => {
      const { work } = freshTenant()
      const byKey = { entity: 'customer', side: 'crm', resource: 'Customers', recordKey: '$KH.1' }
      await work.add([byKey, hintOf('1')], 1)
      expect(await itemOf(work, byKey)).toMatchObject(byKey)
      expect(await work.counts()).toEqual([{ entity: 'customer', state: 'ready', count: 2 }])
    })

    test('due: oldest first, one entity, limited; hints do not lose their place', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('b')], 20)
      await work.add([hintOf('a')], 10)
      await work.add([hintOf('c'), hintOf('x', { entity: 'product' })], 30)
      await work.add([hintOf('a')], 40)
      expect((await work.due('customer', 2, 50)).map(({ recordId }) => recordId)).toEqual(['a', 'b'])
      expect((await work.due('customer', 9, 50)).map(({ recordId }) => recordId)).toEqual(['a', 'b', 'c'])
      expect(await work.due('order', 9, 50)).toEqual([])
    })

    test('failed items are due when their time has come, or at a new hint', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1'), hintOf('2')], 10)
      const failed = { state: 'failed', failure: failureOf('TIMEOUT'), attempts: 2, notBefore: 100 } as const
      const settle = ['1', '2'].map((id) => ({ id: workId(hintOf(id)), hintRevision: 1, to: failed }))
      expect(await work.nextDue(20)).toBeUndefined()
      await work.settle(settle, 20)
      expect(await itemOf(work, hintOf('1'))).toMatchObject({
        state: 'failed',
        attempts: 2,
        notBefore: 100,
        settledAt: 20,
        failure: failed.failure,
      })
      expect(await work.due('customer', 9, 99)).toEqual([])
      expect(await work.nextDue(50)).toBe(100)
      expect((await work.due('customer', 9, 100)).length).toBe(2)
      expect(await work.nextDue(100)).toBeUndefined()
      await work.add([hintOf('1')], 60)
      const [item] = await work.due('customer', 9, 60)
      expect(item).toMatchObject({ recordId: '1', state: 'ready', attempts: 2, hintRevision: 2 })
      expect(item?.failure).toBeUndefined()
    })

    test('a hint makes a waiting, blocked, conflicting or parked item ready', async () => {
      const { work } = freshTenant()
      const failure = failureOf('X')
      const ends = [
        { state: 'waiting', waitingFor: ['k'], failure },
        { state: 'blocked', failure },
        { state: 'parked', failure },
        {
          state: 'conflict',
          failure,
          conflict: [{ field: 'a.$b', values: { crm: { $x: 1 }, accounting: null }, base: 'c' }],
        },
      ] as const
      for (const to of ends) {
        await work.add([hintOf(to.state)], 10)
        await work.settle([{ id: workId(hintOf(to.state)), hintRevision: 1, to }], 20)
        expect(await itemOf(work, hintOf(to.state))).toMatchObject(to)
      }
      expect(await work.due('customer', 9, 99)).toEqual([])
      await work.add(
        ends.map(({ state }) => hintOf(state)),
        30,
      )
      const due = await work.due('customer', 9, 30)
      expect(due.map(({ state, waitingFor, conflict, failure: left }) => [state, waitingFor, conflict, left])).toEqual(
        ends.map(() => ['ready', [], undefined, undefined]),
      )
    })

    test('wakes those that wait for any of the keys', async () => {
      const { work } = freshTenant()
      const keys = ['1', '2', '3'].map((id) => waitKey('group', 'crm', { resource: 'Groups', id }))
      await work.add([hintOf('a'), hintOf('b'), hintOf('c')], 10)
      const wait = (id: string, waitingFor: string[]) => ({
        id: workId(hintOf(id)),
        hintRevision: 1,
        to: { state: 'waiting', waitingFor } as const,
      })
      await work.settle([wait('a', [keys[0]!, keys[1]!]), wait('b', [keys[1]!]), wait('c', [keys[2]!])], 20)
      await work.wake([keys[0]!, keys[2]!, 'nothing'], 30)
      await work.wake([], 30)
      expect((await work.due('customer', 9, 30)).map(({ recordId, waitingFor }) => [recordId, waitingFor])).toEqual([
        ['a', []],
        ['c', []],
      ])
      expect(await itemOf(work, hintOf('b'))).toMatchObject({ state: 'waiting', waitingFor: [keys[1]] })
    })

    test('pages in id order by entity and state, counts', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1'), hintOf('2'), hintOf('3'), hintOf('4', { entity: 'product' })], 10)
      const settle = (
        id: string,
        to: { state: 'blocked'; failure: ReturnType<typeof failureOf> } | { state: 'accepted' },
      ) => work.settle([{ id: workId(hintOf(id)), hintRevision: 1, to }], 20)
      await settle('2', { state: 'blocked', failure: failureOf('X') })
      await settle('3', { state: 'accepted' })
      const page = async (...args: Parameters<typeof work.page>) =>
        (await work.page(...args)).map(({ recordId }) => recordId)
      expect(await page({}, { limit: 9 })).toEqual(['1', '2', '3', '4'])
      expect(await page({ entity: 'customer' }, { limit: 2 })).toEqual(['1', '2'])
      expect(await page({ entity: 'customer' }, { after: workId(hintOf('2')), limit: 2 })).toEqual(['3'])
      expect(await page({ states: ['blocked', 'conflict'] }, { limit: 9 })).toEqual(['2'])
      expect(await page({ states: ['accepted', 'blocked'] }, { limit: 9 })).toEqual(['2', '3'])
      expect(await page({ states: ['ready'], entity: 'product' }, { limit: 9 })).toEqual(['4'])
      const counts = (await work.counts()).sort((a, b) =>
        `${a.entity}${a.state}`.localeCompare(`${b.entity}${b.state}`),
      )
      expect(counts).toEqual([
        { entity: 'customer', state: 'accepted', count: 1 },
        { entity: 'customer', state: 'blocked', count: 1 },
        { entity: 'customer', state: 'ready', count: 1 },
        { entity: 'product', state: 'ready', count: 1 },
      ])
    })

    test('writers at the same time lose no hint', async () => {
      const { work } = freshTenant()
      const hints = Array.from({ length: 30 }, (_, index) => hintOf(`r${index}`))
      await Promise.all(
        ['a', 'b', 'c', 'd'].map((trigger) =>
          work.add(
            hints.map((hint) => ({ ...hint, triggers: [trigger] })),
            10,
          ),
        ),
      )
      const items = await work.find(hints.map(workId))
      expect(items.length).toBe(30)
      for (const item of items) {
        expect([...item.triggers].sort()).toEqual(['a', 'b', 'c', 'd'])
        expect(item.hintRevision).toBe(4)
      }
    })

    test('a tenant sees nothing of another', async () => {
      const [one, two] = [freshTenant(), freshTenant()]
      await one.work.add([hintOf('1')], 10)
      await one.work.settle(
        [{ id: workId(hintOf('1')), hintRevision: 1, to: { state: 'waiting', waitingFor: ['k'] } }],
        10,
      )
      await two.work.wake(['k'], 20)
      await two.work.settle([{ id: workId(hintOf('1')), hintRevision: 1, to: { state: 'done' } }], 20)
      expect(await two.work.find([workId(hintOf('1'))])).toEqual([])
      expect(await two.work.page({}, { limit: 9 })).toEqual([])
      expect(await two.work.counts()).toEqual([])
      expect((await itemOf(one.work, hintOf('1')))?.state).toBe('waiting')
    })
  })
}
