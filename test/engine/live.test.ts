import { type Connection, type TenantStore, SyncError } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { openBench } from './engine-bench.ts'
import { actBy, crmBy, hint, open, openItems, pollAll } from './live-bench.ts'
import { actCustomer, actGroup, crmCustomer, crmProduct } from './records.ts'
import { createVirtualClock } from './virtual-clock.ts'

it('an edit made in Accounting after our write was applied, but before its outcome came, is not lost', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  bench.deliver(false)
  bench.crm.put('Customers', { office_tel: '02' }, id)
  await bench.engine.poll()
  await bench.engine.quiet(500)
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '02' })
  bench.accounting.put('AccountObjects', { address: 'Huế' }, guid)
  await bench.engine.poll()
  await bench.engine.quiet(100)
  bench.deliver(true)
  await bench.settle()
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ office_tel: '02', billing_address: 'Huế' })
  await bench.close()
})

it('a customer whose group becomes known later goes with it', async () => {
  const bench = await open()
  await bench.engine.connect()
  await bench.settle()
  bench.accounting.put('AccountObjects', actCustomer('KH1', { account_object_group_code_list: 'N7' }), 'guid-1')
  await pollAll(bench)
  bench.accounting.put('AccountObjectGroups', actGroup('N7'), 'guid-g')
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ account_group_code_list: 'N7' })
  expect(bench.crm.rows('CustomerGroups')).toMatchObject([{ group_code: 'N7' }])
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('a row that is no customer any more counts as gone', async () => {
  const bench = await open()
  bench.crm.put('Customers', crmCustomer('KH1'))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  bench.accounting.put('AccountObjects', { is_customer: false, is_vendor: true }, guid)
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ inactive: true })
  bench.accounting.put('AccountObjects', { is_customer: true, inactive: false }, guid)
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ inactive: false })
  await bench.close()
})

it('a failed item whose source was deleted goes away', async () => {
  const bench = await open()
  await bench.engine.connect()
  await bench.settle()
  const id = bench.crm.put('Products', crmProduct('VT1', { usage_unit: null }))
  await pollAll(bench)
  expect(await openItems(bench)).toEqual(['product|crm|Products|1 parked VALUE_INVALID'])
  bench.crm.remove('Products', id)
  await pollAll(bench)
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('a table that cannot be read keeps no other one from being asked', async () => {
  let broken = false
  const wrapConnection = (connection: Connection): Connection =>
    connection.system !== 'crm'
      ? connection
      : {
          ...connection,
          changesPage: async (request) => {
            if (broken && request.resource === 'CustomerGroups')
              throw new SyncError({ code: 'UNREACHABLE', kind: 'retriable', message: { vi: 'không', en: 'no' } })
            return connection.changesPage!(request)
          },
        }
  const clock = createVirtualClock()
  const bench = await openBench({ pollMs: 2_000 }, { clock, wrapConnection })
  const id = bench.crm.put('Customers', crmCustomer('KH1'))
  await bench.engine.connect()
  await bench.settle()
  broken = true
  for (const tel of ['01', '02', '03']) {
    bench.crm.put('Customers', { office_tel: tel }, id)
    await clock.sleep(12_000)
    await bench.settle()
    expect(actBy(bench, 'KH1')).toMatchObject({ tel })
  }
  await bench.close()
})

it('an edit of a record whose twin was deleted stays where it is, and is no failure', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1'))
  await bench.engine.connect()
  await bench.settle()
  bench.accounting.remove('AccountObjects', String(actBy(bench, 'KH1')!.account_object_id))
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ inactive: true })
  bench.crm.put('Customers', { office_tel: '09' }, id)
  await pollAll(bench)
  expect(await openItems(bench)).toEqual([])
  expect(bench.accounting.rows('AccountObjects')).toEqual([])
  await bench.close()
})

it('a write whose link was stored before a crash is not sent again over what a person did since', async () => {
  let dies = false
  const wrapStore = (store: TenantStore): TenantStore =>
    new Proxy(store, {
      get(target, part) {
        const value: unknown = Reflect.get(target, part, target)
        if (typeof value === 'function') return (value as () => unknown).bind(target)
        if (part !== 'journal') return value
        return Object.assign(Object.create(target.journal) as typeof target.journal, {
          find: (ids: string[]) => target.journal.find(ids),
          findByTarget: (...all: Parameters<typeof target.journal.findByTarget>) => target.journal.findByTarget(...all),
          open: (filter?: object) => target.journal.open(filter),
          record: (entries: Parameters<typeof target.journal.record>[0]) => target.journal.record(entries),
          mark: (changes: Parameters<typeof target.journal.mark>[0]) => target.journal.mark(changes),
          count: () => target.journal.count(),
          remove: async (ids: string[]) => {
            if (dies) throw new Error('dead')
            await target.journal.remove(ids)
          },
        })
      },
    })
  const bench = await openBench({}, { clock: createVirtualClock(), wrapStore })
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  dies = true
  bench.crm.put('Customers', { office_tel: '02' }, id)
  await bench.engine.poll()
  await bench.engine.quiet(200)
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '02' })
  await bench.engine.stop()
  bench.accounting.put('AccountObjects', { tel: '03' }, String(actBy(bench, 'KH1')!.account_object_id))
  dies = false
  await bench.restart()
  await bench.settle()
  await pollAll(bench)
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '03' })
  expect(crmBy(bench, 'KH1')).toMatchObject({ office_tel: '03' })
  await bench.close()
})

it('a second edit that is hinted at while the first is on its way follows it', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  bench.deliver(false)
  for (const tel of ['02', '03', '04']) {
    bench.crm.put('Customers', { office_tel: tel }, id)
    await bench.store.work.add([hint('crm', 'customer', 'Customers', id)], bench.clock.now())
    bench.engine.wake()
    await bench.engine.quiet(300)
  }
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '02' })
  bench.deliver(true)
  await bench.settle()
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '04' })
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})
