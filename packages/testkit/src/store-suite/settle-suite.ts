import { workId } from '@amis-sync/core'
import type { WorkSettlement } from '@amis-sync/core'
import { describe, expect, test } from 'vitest'
import type { StoreUnderTest } from '../store-suite.ts'
import { failureOf, hintOf, itemOf, sorted } from './samples.ts'

const failure = failureOf('REJECTED')

const settlement = (recordId: string, hintRevision: number, to: WorkSettlement['to']): WorkSettlement => ({
  id: workId(hintOf(recordId)),
  hintRevision,
  to,
})

export function describeSettling({ freshTenant }: StoreUnderTest): void {
  describe('settling work', () => {
    test('done removes the item', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1'), hintOf('2')], 10)
      await work.settle([settlement('1', 1, { state: 'done' })], 20)
      expect(await itemOf(work, hintOf('1'))).toBeUndefined()
      expect((await itemOf(work, hintOf('2')))?.state).toBe('ready')
    })

    test('where a newer hint came, the item is ready instead', async () => {
      const { work } = freshTenant()
      const ends: WorkSettlement['to'][] = [
        { state: 'done' },
        { state: 'waiting', waitingFor: ['k'] },
        { state: 'blocked', failure },
        { state: 'parked', failure },
        { state: 'conflict', failure, conflict: [] },
        { state: 'failed', failure, attempts: 3, notBefore: 500 },
      ]
      await work.add(
        ends.map(({ state }) => hintOf(state)),
        10,
      )
      await work.add(
        ends.map(({ state }) => hintOf(state)),
        20,
      )
      await work.settle(
        ends.map((to) => settlement(to.state, 1, to)),
        30,
      )
      const due = await work.due('customer', 9, 30)
      expect(due.map(({ recordId, state, hintRevision }) => [recordId, state, hintRevision])).toEqual(
        sorted(ends.map(({ state }) => [state, 'ready', 2])),
      )
      for (const item of due) {
        expect(item).toMatchObject({ waitingFor: [], attempts: item.recordId === 'failed' ? 3 : 0 })
        expect(item.failure).toBeUndefined()
      }
    })

    test('where a newer hint came, triggers and pullers of the key join those of the item', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1', { triggers: ['a'] }), hintOf('1', { pulledBy: ['x'] })], 10)
      const key = hintOf('1', { triggers: ['a', 'b'], pulledBy: ['y'] })
      await work.settle([{ ...settlement('1', 1, { state: 'parked', failure }), key }], 20)
      const item = await itemOf(work, key)
      expect(item).toMatchObject({ state: 'ready', hintRevision: 2 })
      expect([sorted(item!.triggers), sorted(item!.pulledBy)]).toEqual([
        ['a', 'b'],
        ['x', 'y'],
      ])
    })

    test('a mixed batch: each by its own', async () => {
      const { work } = freshTenant()
      await work.add(
        ['a', 'b', 'c', 'd', 'e'].map((id) => hintOf(id)),
        10,
      )
      await work.add([hintOf('b'), hintOf('d')], 20)
      const blocked = { state: 'blocked', failure } as const
      const batch = [
        settlement('a', 1, { state: 'done' }),
        settlement('b', 1, { state: 'done' }),
        settlement('c', 1, blocked),
        settlement('d', 1, blocked),
        settlement('e', 1, { state: 'accepted' }),
        settlement('nothing', 1, blocked),
      ]
      await work.settle(batch, 30)
      const items = await work.find(batch.map(({ id }) => id))
      expect(sorted(items.map(({ recordId, state }) => [recordId, state]))).toEqual([
        ['b', 'ready'],
        ['c', 'blocked'],
        ['d', 'ready'],
        ['e', 'accepted'],
      ])
    })

    test('an accepted item stays accepted at a hint, and is ready when its outcome is settled', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1'), hintOf('2')], 10)
      await work.settle([settlement('1', 1, { state: 'accepted' }), settlement('2', 1, { state: 'accepted' })], 20)
      await work.add([hintOf('1', { triggers: ['manual'] })], 30)
      expect(await itemOf(work, hintOf('1'))).toMatchObject({
        state: 'accepted',
        triggers: ['manual'],
        hintRevision: 2,
      })
      expect(await work.due('customer', 9, 99)).toEqual([])
      expect((await work.counts()).map(({ state, count }) => [state, count])).toEqual([['accepted', 2]])
      await work.settle([settlement('1', 1, { state: 'done' }), settlement('2', 1, { state: 'done' })], 40)
      expect((await work.due('customer', 9, 99)).map(({ recordId, state }) => [recordId, state])).toEqual([
        ['1', 'ready'],
      ])
    })

    test('accepted wins over a newer hint: the outcome comes first', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1'), hintOf('1')], 10)
      await work.settle([settlement('1', 1, { state: 'accepted' })], 20)
      expect(await itemOf(work, hintOf('1'))).toMatchObject({ state: 'accepted', hintRevision: 2 })
      expect(await work.due('customer', 9, 99)).toEqual([])
      await work.settle([settlement('1', 1, { state: 'blocked', failure })], 30)
      expect((await itemOf(work, hintOf('1')))?.state).toBe('ready')
    })

    test('an accepted item may end in any state', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('1')], 10)
      await work.settle([settlement('1', 1, { state: 'accepted' })], 20)
      await work.settle([settlement('1', 1, { state: 'blocked', failure })], 30)
      expect(await itemOf(work, hintOf('1'))).toMatchObject({ state: 'blocked', failure })
      await work.add([hintOf('1')], 40)
      expect((await work.due('customer', 9, 40)).length).toBe(1)
    })

    test('an added item has what the hint says', async () => {
      const { work } = freshTenant()
      const observed = { resource: 'Customers', id: '1', row: { $a: 1 } }
      const hint = hintOf('1', { triggers: ['first-sync'], pulledBy: ['order'], observed, deleted: false })
      await work.settle([{ ...settlement('1', 0, { state: 'waiting', waitingFor: ['k'] }), key: hint }], 10)
      expect(await itemOf(work, hint)).toMatchObject({ ...hint, state: 'waiting', waitingFor: ['k'] })
    })

    test('an item that is not there is added when its key is given', async () => {
      const { work } = freshTenant()
      await work.add([hintOf('3')], 5)
      const blocked = { state: 'blocked', failure } as const
      const failed = { state: 'failed', failure, attempts: 1, notBefore: 70 } as const
      const byKey = (id: string, to: WorkSettlement['to']) => ({ ...settlement(id, 0, to), key: hintOf(id) })
      await work.settle(
        [byKey('1', blocked), byKey('2', { state: 'done' }), byKey('3', blocked), byKey('4', failed)],
        10,
      )
      const added = {
        ...hintOf('1'),
        id: workId(hintOf('1')),
        ...blocked,
        triggers: [],
        pulledBy: [],
        waitingFor: [],
        attempts: 0,
      }
      expect(await itemOf(work, hintOf('1'))).toEqual({
        ...added,
        settledAt: 10,
        notBefore: 0,
        createdAt: 10,
        hintRevision: 0,
      })
      expect(await itemOf(work, hintOf('2'))).toBeUndefined()
      expect((await itemOf(work, hintOf('3')))?.state).toBe('ready')
      expect(await itemOf(work, hintOf('4'))).toMatchObject({
        state: 'failed',
        attempts: 1,
        notBefore: 70,
        hintRevision: 0,
      })
      await work.add([hintOf('1')], 20)
      expect(await itemOf(work, hintOf('1'))).toMatchObject({ state: 'ready', hintRevision: 1 })
    })
  })
}
