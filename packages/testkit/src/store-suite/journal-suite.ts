import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '@amis-sync/core'
import type { StoreUnderTest } from '../store-suite.ts'
import { entryOf, hintOf, hostileRow } from './samples.ts'

const ids = (entries: readonly JournalEntry[]): string[] => entries.map(({ id }) => id)

export function describeJournal({ freshTenant }: StoreUnderTest): void {
  describe('journal', () => {
    test('an entry comes back as it was, hostile rows too', async () => {
      const { journal } = freshTenant()
      const plain = entryOf('1', { session: 's', step: 3, replaces: 'twin' })
      const row = hostileRow()
      const write = {
        opId: '2',
        resource: 'AccountObjects',
        operation: 'create',
        row,
        companions: [{ resource: 'Units', row }],
      } as const
      const observed = { resource: 'Customers', id: '2', row }
      const created = entryOf('2', { write, followUp: hintOf('2', { observed }) })
      await journal.record([plain, created])
      expect(await journal.find(['1'])).toStrictEqual([plain])
      const [found] = await journal.find(['2'])
      expect(JSON.stringify([found?.write, found?.followUp])).toBe(JSON.stringify([created.write, created.followUp]))
      expect(await journal.count()).toBe(2)
    })

    test('recording again replaces', async () => {
      const { journal } = freshTenant()
      await journal.record([entryOf('1', { session: 's' }), entryOf('2')])
      await journal.record([entryOf('1', { attempts: 1 }), entryOf('3')])
      expect(await journal.find(['1'])).toEqual([entryOf('1', { attempts: 1 })])
      expect(await journal.count()).toBe(3)
    })

    test('mark, remove', async () => {
      const { journal } = freshTenant()
      await journal.record([entryOf('1'), entryOf('2'), entryOf('3')])
      const marks = [
        { id: '1', state: 'accepted', session: 's', at: 2000 },
        { id: '2', state: 'inDoubt', at: 3000 },
        { id: 'nothing', state: 'inDoubt', at: 1 },
      ] as const
      await journal.mark(marks)
      await journal.remove(['3', 'nothing'])
      await journal.remove([])
      expect(await journal.open()).toEqual([
        entryOf('1', { state: 'accepted', session: 's', at: 2000 }),
        entryOf('2', { state: 'inDoubt', at: 3000 }),
      ])
    })

    test('open entries: oldest first, by system, state, time, limit', async () => {
      const { journal } = freshTenant()
      await journal.record([
        entryOf('c', { at: 3 }),
        entryOf('a', { at: 2, state: 'inDoubt' }),
        entryOf('b', { at: 1, system: 'crm' }),
      ])
      expect(ids(await journal.open())).toEqual(['b', 'a', 'c'])
      expect(ids(await journal.open({ limit: 2 }))).toEqual(['b', 'a'])
      expect(ids(await journal.open({ system: 'accounting' }))).toEqual(['a', 'c'])
      expect(ids(await journal.open({ state: 'inDoubt' }))).toEqual(['a'])
      expect(ids(await journal.open({ before: 3 }))).toEqual(['b', 'a'])
    })

    test('found by target', async () => {
      const { journal } = freshTenant()
      await journal.record([entryOf('1'), entryOf('2'), entryOf('3', { system: 'crm' })])
      const targets = ['a-1', 'a-3', 'a-9'].map((id) => ({ resource: 'AccountObjects', id }))
      expect(ids(await journal.findByTarget('accounting', targets))).toEqual(['1'])
      expect(await journal.findByTarget('accounting', [{ resource: 'Other', id: 'a-1' }])).toEqual([])
      expect(await journal.findByTarget('accounting', [])).toEqual([])
    })

    test('a tenant sees nothing of another', async () => {
      const [one, two] = [freshTenant(), freshTenant()]
      await one.journal.record([entryOf('1')])
      await two.journal.remove(['1'])
      await two.journal.mark([{ id: '1', state: 'inDoubt', at: 9 }])
      expect([await two.journal.find(['1']), await two.journal.open(), await two.journal.count()]).toEqual([[], [], 0])
      expect(await one.journal.find(['1'])).toEqual([entryOf('1')])
    })
  })
}
