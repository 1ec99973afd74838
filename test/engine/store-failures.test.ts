import { expect, it } from 'vitest'
import { type EngineBench, openBench } from './engine-bench.ts'
import { type Breakage, FragileStore } from './fragile-store.ts'
import { actCustomer, actGroup, actProduct, crmCustomer, crmGroup, crmProduct } from './records.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** A first sync with references, twins and both directions; then edits and new records on both sides. `go` does its task again after a crash. */
async function story(bench: EngineBench, go: (task: () => Promise<unknown>) => Promise<void>): Promise<void> {
  const { crm, accounting } = bench
  crm.put('CustomerGroups', crmGroup('N1'))
  const customer = crm.put('Customers', crmCustomer('KH1', { account_group_code_list: 'N1' }))
  crm.put('Customers', crmCustomer('KH2'))
  crm.put('Products', crmProduct('VT1'))
  accounting.put('InventoryItems', actProduct('VT1'))
  const theirs = accounting.put('InventoryItems', actProduct('VT2'))
  await go(() => bench.engine.connect())
  await go(() => bench.settle())
  crm.put('Customers', { office_tel: '0901' }, customer)
  crm.put('Products', crmProduct('VT3'))
  accounting.put('InventoryItems', { inventory_item_name: 'Tên mới' }, theirs)
  accounting.put('InventoryItems', actProduct('VT4'))
  // A customer that waits for its group, which comes along.
  accounting.put('AccountObjectGroups', actGroup('N2'))
  accounting.put('AccountObjects', actCustomer('KH3', { account_object_group_code_list: 'N2' }))
  await go(() => bench.engine.poll().catch(() => bench.engine.poll()))
  await go(() => bench.settle())
}

async function outcome(bench: EngineBench) {
  const codes = (side: 'crm' | 'accounting', table: string, column: string) =>
    bench[side]
      .rows(table)
      .map((row) => String(row[column]))
      .toSorted()
  return {
    customers: [
      codes('crm', 'Customers', 'account_number'),
      codes('accounting', 'AccountObjects', 'account_object_code'),
    ],
    products: [codes('crm', 'Products', 'product_code'), codes('accounting', 'InventoryItems', 'inventory_item_code')],
    groups: [
      codes('crm', 'CustomerGroups', 'group_code'),
      codes('accounting', 'AccountObjectGroups', 'account_object_group_code'),
    ],
    phone: bench.accounting.rows('AccountObjects').find((row) => row.account_object_code === 'KH1')?.tel,
    name: bench.crm.rows('Products').find((row) => row.product_code === 'VT2')?.product_name,
    links: [await bench.store.links.counts('customer'), await bench.store.links.counts('product')],
    journal: await bench.store.journal.count(),
    work: (await bench.store.work.page({}, { limit: 9 })).map(({ id, state }) => `${state} ${id}`),
  }
}

async function play(breakAt: number, breakage: Breakage) {
  const fragile = new FragileStore(breakAt, breakage)
  const { wrapStore, wrapConnection } = fragile
  const bench = await openBench({}, { clock: createVirtualClock(), wrapStore, wrapConnection })
  let restarted = false
  try {
    await story(bench, async (task) => {
      await task().catch((error: unknown) => {
        if (!fragile.crashed || restarted) throw error
      })
      if (!fragile.crashed || restarted) return
      restarted = true
      await bench.restart()
      await task()
    })
    return { end: await outcome(bench), changes: fragile.changes, restarted }
  } finally {
    await bench.close()
  }
}

/** Breaks at each change in turn; answers with every time that the end was not the usual one. */
async function playAll(breakage: Breakage): Promise<string[]> {
  const { end, changes } = await play(Infinity, breakage)
  expect(end).toMatchObject({ journal: 0, work: [], phone: '0901', name: 'Tên mới' })
  const wrong: string[] = []
  for (let change = 1; change <= changes; change += 1) {
    const played = await play(change, breakage).then(
      (one) => (one.restarted === (breakage === 'crash') ? JSON.stringify(one.end) : 'it did not break'),
      (error: unknown) => String(error),
    )
    if (played !== JSON.stringify(end)) wrong.push(`${breakage} change ${change}: ${played}`)
  }
  return wrong
}

it.each(['before', 'after'] as const)(
  'a database that goes away %s any change of the store is missed for a while, and all ends as if it had not',
  async (breakage) => expect(await playAll(breakage)).toEqual([]),
)

it('C10 an engine that dies at any change of the store is followed by one that ends up where it would have', async () => {
  expect(await playAll('crash')).toEqual([])
})
