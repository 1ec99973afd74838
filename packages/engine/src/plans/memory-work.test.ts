import type { WorkSettlement } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { MemoryWork } from './memory-work.ts'

const hint = (recordId: string) => ({ entity: 'customer', side: 'crm', resource: 'Customers', recordId })
const id = (recordId: string) => `customer|crm|Customers|${recordId}`
const waiting = (recordId: string, ...waitingFor: string[]) => ({
  id: id(recordId),
  hintRevision: 1,
  to: { state: 'waiting', waitingFor } as const,
})

it('hints join, and what is done is gone', async () => {
  const work = new MemoryWork()
  await work.add([{ ...hint('1'), pulledBy: ['quote'] }], 5)
  await work.add([{ ...hint('1'), pulledBy: ['sales-order'] }], 6)
  expect(await work.due('customer', 10)).toMatchObject([{ pulledBy: ['quote', 'sales-order'], hintRevision: 2 }])
  await work.settle([{ id: id('1'), hintRevision: 1, to: { state: 'done' } }], 7)
  expect(await work.due('customer', 10)).toHaveLength(1)
  await work.settle([{ id: id('1'), hintRevision: 2, to: { state: 'done' } }], 7)
  expect(await work.counts()).toEqual([])
})

it('what waits is woken by its key, or with all; records being written are named', async () => {
  const work = new MemoryWork()
  await work.add([hint('1'), hint('2')], 5)
  await work.settle([waiting('1', 'a'), waiting('2', 'b', 'link|l9')], 6)
  expect([await work.due('customer', 10), work.waitedLinks()]).toEqual([[], ['l9']])
  await work.wake(['a'])
  expect((await work.due('customer', 10)).map(({ recordId }) => recordId)).toEqual(['1'])
  work.wakeAll()
  expect(await work.due('customer', 1)).toHaveLength(1)
  expect(await work.due('customer', 10)).toHaveLength(2)
})

it('records of a page wait, too, and bad ends are told and forgotten', async () => {
  const ends: WorkSettlement[] = []
  const work = new MemoryWork(async (some) => void ends.push(...some))
  await work.settle([{ ...waiting('1', 'a'), hintRevision: 0, key: hint('1') }], 5)
  expect(await work.counts()).toEqual([{ entity: 'customer', state: 'waiting', count: 1 }])
  const failure = { code: 'X', kind: 'recordRejected', vi: '', en: '' } as const
  await work.settle(
    [
      { id: id('1'), hintRevision: 1, to: { state: 'parked', failure } },
      { id: id('2'), hintRevision: 0, key: hint('2'), to: { state: 'accepted' } },
    ],
    6,
  )
  expect(ends.map((one) => one.id)).toEqual([id('1')])
  const failed = { state: 'failed', failure, attempts: 1 } as const
  await work.settle(
    [
      { id: id('3'), hintRevision: 0, key: hint('3'), to: { ...failed, notBefore: 7 } },
      { id: id('4'), hintRevision: 0, key: hint('4'), to: { ...failed, notBefore: 8 } },
    ],
    7,
  )
  // The first was taken back with a call that never went out.
  expect(ends.map((one) => one.id)).toEqual([id('1'), id('4')])
  expect(await work.counts()).toEqual([])
})
