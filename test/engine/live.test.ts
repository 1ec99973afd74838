import { type Connection, type Row, SyncError, type SystemId, type TenantStore } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { type EngineBench, openBench } from './engine-bench.ts'
import { actCustomer, actGroup, crmCustomer, crmGroup, crmProduct } from './records.ts'
import { createVirtualClock } from './virtual-clock.ts'

const open = (settings: Parameters<typeof openBench>[0] = {}) => openBench(settings, { clock: createVirtualClock() })

const find = (bench: EngineBench, side: 'crm' | 'accounting' | 'system', table: string, column: string, code: string) =>
  bench[side].rows(table).find((row: Row) => row[column] === code)

const crmBy = (bench: EngineBench, code: string) => find(bench, 'crm', 'Customers', 'account_number', code)
const actBy = (bench: EngineBench, code: string) =>
  find(bench, 'accounting', 'AccountObjects', 'account_object_code', code)

async function pollAll(bench: EngineBench, times = 2): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await bench.engine.poll()
    await bench.settle()
  }
}

async function openItems(bench: EngineBench) {
  return (await bench.store.work.page({}, { limit: 100 })).map(
    ({ id, state, failure }) => `${id} ${state} ${failure?.code}`,
  )
}

const hint = (side: SystemId, entity: string, resource: string, recordId: string) => ({
  side,
  entity,
  resource,
  recordId,
})

it('a group whose code differs on the two sides makes no customer travel to and fro', async () => {
  const bench = await open()
  const group = bench.crm.put('CustomerGroups', crmGroup('N1'))
  bench.crm.put('Customers', crmCustomer('KH1', { account_group_code_list: 'N1' }))
  await bench.engine.connect()
  await bench.settle()
  const [crm] = bench.crm.rows('Customers')
  bench.crm.put('CustomerGroups', { group_code: 'N2' }, group)
  bench.crm.put('Customers', { account_group_code_list: 'N2' }, String(crm!.id))
  const before = [bench.crm.counts.writes, bench.accounting.counts.writes]
  await pollAll(bench, 1)
  expect(bench.crm.counts.writes).toBe(before[0])
  expect(bench.accounting.counts.writes).toBeLessThanOrEqual(before[1]! + 2)
  const rested = [bench.crm.counts.writes, bench.accounting.counts.writes]
  await pollAll(bench, 5)
  expect([bench.crm.counts.writes, bench.accounting.counts.writes]).toEqual(rested)
  // The group may have gone along with its customer, or not: what counts is that both name the same one.
  const there = bench.accounting.rows('AccountObjectGroups')[0]!.account_object_group_code
  expect(actBy(bench, 'KH1')).toMatchObject({ account_object_group_code_list: there })
  expect(crmBy(bench, 'KH1')).toMatchObject({ account_group_code_list: 'N2' })
  // a further edit of groups at ACT
  bench.accounting.put(
    'AccountObjects',
    { account_object_group_code_list: null },
    String(actBy(bench, 'KH1')!.account_object_id),
  )
  await pollAll(bench, 3)
  expect(crmBy(bench, 'KH1')!.account_group_code_list ?? '').toBe('')
  bench.accounting.put(
    'AccountObjects',
    { account_object_group_code_list: there },
    String(actBy(bench, 'KH1')!.account_object_id),
  )
  await pollAll(bench, 3)
  expect(crmBy(bench, 'KH1')!.account_group_code_list).toBe('N2')
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('a conflict that was settled at the other side closes on both', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.engine.pause()
  await bench.engine.poll()
  await bench.engine.resume()
  await bench.settle()
  expect((await bench.store.work.page({ states: ['conflict'] }, { limit: 9 })).length).toBeGreaterThan(0)
  bench.crm.put('Customers', { office_tel: '03' }, id)
  await pollAll(bench)
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('edits of one field on both sides while paused are a conflict, whichever feed is asked first', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  await bench.engine.pause()
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.store.work.add([hint('crm', 'customer', 'Customers', id)], 0)
  await bench.engine.resume()
  await bench.settle()
  expect(crmBy(bench, 'KH1')).toMatchObject({ office_tel: '02' })
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '03' })
  await bench.close()
})

it('edits of one field on both sides while the engine was down are a conflict, too', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  await bench.engine.stop()
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.restart()
  await bench.settle()
  await pollAll(bench)
  expect(crmBy(bench, 'KH1')).toMatchObject({ office_tel: '02' })
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '03' })
  await bench.close()
})

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

it('a changed conflict rule settles what was held', async () => {
  const bench = await open()
  const id = bench.crm.put('Customers', crmCustomer('KH1', { office_tel: '01' }))
  await bench.engine.connect()
  await bench.settle()
  const guid = String(actBy(bench, 'KH1')!.account_object_id)
  await bench.engine.pause()
  bench.crm.put('Customers', { office_tel: '02' }, id)
  bench.accounting.put('AccountObjects', { tel: '03' }, guid)
  await bench.engine.poll()
  await bench.engine.resume()
  await bench.settle()
  expect((await bench.store.work.page({ states: ['conflict'] }, { limit: 9 })).length).toBeGreaterThan(0)
  bench.engine.configure({
    tenant: 'acme',
    convertedFrom: 'none',
    plugins: {},
    pollMs: 3_600_000,
    enabled: new Set(['organization-unit', 'employee', 'customer-group', 'customer', 'product-group', 'product']),
    conflicts: { customer: { default: 'crm' } },
  })
  await bench.settle()
  await pollAll(bench)
  expect(actBy(bench, 'KH1')).toMatchObject({ tel: '02' })
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('renames of codes travel on either side', async () => {
  const bench = await open()
  const id = bench.crm.put('Products', crmProduct('VT1'))
  await bench.engine.connect()
  await bench.settle()
  bench.crm.put('Products', { product_code: 'VT1b' }, id)
  await pollAll(bench)
  expect(bench.accounting.rows('InventoryItems')).toMatchObject([{ inventory_item_code: 'VT1b' }])
  bench.accounting.put(
    'InventoryItems',
    { inventory_item_code: 'VT1c' },
    String(bench.accounting.rows('InventoryItems')[0]!.inventory_item_id),
  )
  await pollAll(bench)
  expect(bench.crm.rows('Products')).toMatchObject([{ product_code: 'VT1c' }])
  expect(await openItems(bench)).toEqual([])
  await bench.close()
})

it('a record that is deleted and made again with its code is a conflict, and doubles nothing', async () => {
  const bench = await open()
  const id = bench.crm.put('Products', crmProduct('VT1'))
  await bench.engine.connect()
  await bench.settle()
  bench.crm.remove('Products', id)
  await pollAll(bench)
  expect(bench.accounting.rows('InventoryItems')).toMatchObject([{ inactive: true }])
  bench.crm.put('Products', crmProduct('VT1', { product_name: 'Mới' }))
  await pollAll(bench)
  expect(bench.accounting.rows('InventoryItems')).toHaveLength(1)
  expect(await openItems(bench)).toEqual(['product|crm|Products|2 conflict AMBIGUOUS'])
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

it('the same code in Customers and Contacts is a conflict; neither takes the other’s place in Accounting', async () => {
  const bench = await open()
  bench.crm.put('Customers', crmCustomer('X1'))
  bench.crm.put('Contacts', { contact_code: 'x1', contact_name: 'Người', account_number: null, inactive: false })
  await bench.engine.connect()
  await bench.settle()
  await pollAll(bench)
  expect(bench.accounting.rows('AccountObjects')).toMatchObject([
    { account_object_code: 'X1', account_object_name: 'Khách X1', account_object_type: 0 },
  ])
  expect(await openItems(bench)).toEqual(['customer|crm|Contacts|2 conflict AMBIGUOUS'])
  await bench.close()
})

it('both sides edit different fields of a product, with lists', async () => {
  const bench = await open()
  const id = bench.crm.put(
    'Products',
    crmProduct('VT1', { conversion_units: [{ usage_unit: 'Hộp', ratio: 10, operator: '*' }] }),
  )
  await bench.engine.connect()
  await bench.settle()
  const guid = String(bench.accounting.rows('InventoryItems')[0]!.inventory_item_id)
  bench.crm.put('Products', { conversion_units: [{ usage_unit: 'Hộp', ratio: 12, operator: '*' }] }, id)
  bench.accounting.put(
    'InventoryItems',
    {
      unit_list: [
        { unit_name: 'Hộp', convert_rate: 10, operator: '*' },
        { unit_name: 'Thùng', convert_rate: 100, operator: '*' },
      ],
    },
    guid,
  )
  await bench.engine.pause()
  await bench.engine.poll()
  await bench.engine.resume()
  await bench.settle()
  await pollAll(bench)
  expect(await openItems(bench)).toEqual([])
  const units = (row: Row, list: string, name: string) => new Set((row[list] as Row[]).map((one) => one[name]))
  expect(units(bench.crm.rows('Products')[0]!, 'conversion_units', 'usage_unit')).toEqual(new Set(['Hộp', 'Thùng']))
  expect(bench.accounting.rows('InventoryItems')[0]!.unit_list).toHaveLength(2)
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
