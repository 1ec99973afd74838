import type { Link, Row } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { type EngineBench, openBench, plugins } from './engine-bench.ts'
import { actCustomer, actProduct, crmCustomer, crmGroup, crmProduct } from './records.ts'
import { type Trip, Tripwire } from './tripwire.ts'
import { createVirtualClock } from './virtual-clock.ts'

const never: Trip = { n: 0, moment: 'before', forGood: false }

async function openWorld(): Promise<{ bench: EngineBench; wire: Tripwire }> {
  const wire = new Tripwire(never)
  const bench = await openBench(
    { pollMs: 60_000 },
    {
      clock: createVirtualClock(),
      wrapStore: (store) => wire.store(store),
      wrapConnection: (connection) => wire.connection(connection),
    },
  )
  const { crm, accounting, system } = bench
  const root = system.put('OrganizationUnits', { code: 'CTY', name: 'Công ty', type: 1, parentId: null, active: true })
  const unit = system.put('OrganizationUnits', { code: 'KD', name: 'KD', type: 3, parentId: root, active: true })
  const person = { email: null, phone: null, organizationUnitId: unit, active: true }
  system.put('Employees', { ...person, code: 'NV1', fullName: 'An', isCompanyEmployee: true })
  system.put('Employees', { ...person, code: 'NV2', fullName: 'Bình', isCompanyEmployee: false })
  crm.put('CustomerGroups', crmGroup('N1'))
  crm.put('CustomerGroups', crmGroup('N1A', { parent_code: 'N1' }))
  for (const code of ['KH1', 'KH2', 'KH3'])
    crm.put('Customers', crmCustomer(code, { account_group_code_list: 'N1A' }), code)
  crm.put('ProductCategories', { category_code: 'G1', category_name: 'G1', parent_code: null, inactive: false })
  crm.put('Products', crmProduct('VT1', { product_category_code: 'G1', sale_description: null }), 'VT1')
  accounting.put('AccountObjects', actCustomer('kh3', { tel: '0912' }), 'guid-3')
  accounting.put('AccountObjects', actCustomer('CN1', { account_object_type: 1 }), 'guid-cn')
  accounting.put('InventoryItems', actProduct('KT1'), 'guid-kt')
  return { bench, wire }
}

async function finish(task: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 8; i += 1) {
    const done = await task().then(
      () => true,
      () => false,
    )
    if (done) return
  }
  throw new Error('it never succeeds')
}

/** As a person edits on both sides, all in one minute. */
function edit({ crm, accounting }: EngineBench): void {
  const guidOf = (code: string, table: string, column: string, id: string) =>
    String(accounting.rows(table).find((row) => row[column] === code)![id])
  crm.put('Customers', { office_tel: '0999' }, 'KH1')
  accounting.put(
    'AccountObjects',
    { address: 'Huế' },
    guidOf('KH1', 'AccountObjects', 'account_object_code', 'account_object_id'),
  )
  crm.remove('Customers', 'KH2')
  accounting.put('AccountObjects', { account_object_name: 'Tên mới' }, 'guid-3')
  accounting.put('AccountObjects', actCustomer('KT9'), 'guid-9')
  crm.put('Products', crmProduct('VT2', { product_category_code: 'G1' }), 'VT2')
  crm.put('Products', { product_code: 'VT1-M', product_name: 'Đổi' }, 'VT1')
  accounting.put(
    'InventoryItems',
    { description: 'Ghi chú' },
    guidOf('VT1', 'InventoryItems', 'inventory_item_code', 'inventory_item_id'),
  )
}

const idColumns =
  /^(id|account_object_id|account_object_group_id|inventory_item_id|inventory_item_category_id|organization_unit_id|amis_platform_id)$/

const tables = {
  crm: ['Customers', 'Contacts', 'CustomerGroups', 'Products', 'ProductCategories'],
  accounting: [
    'AccountObjects',
    'AccountObjectGroups',
    'InventoryItems',
    'InventoryItemCategories',
    'OrganizationUnits',
  ],
} as const

function rowsOf(bench: EngineBench): Record<string, string[]> {
  const withoutIds = (row: Row) =>
    JSON.stringify(
      Object.entries(row)
        .filter(([name, value]) => !idColumns.test(name) && value !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  return Object.fromEntries(
    (['crm', 'accounting'] as const).flatMap((side) =>
      tables[side].map((table) => [`${side}.${table}`, bench[side].rows(table).map(withoutIds).sort()]),
    ),
  )
}

async function linksOf({ store }: EngineBench): Promise<Link[]> {
  const pages = await Promise.all(plugins.map(({ id }) => store.links.page(id, { limit: 1_000 })))
  return pages.flat()
}

/** Everything that must be the same whatever failed in between. */
async function outcomeOf(bench: EngineBench) {
  const links = await linksOf(bench)
  const linked = links.filter((link) => link.linked)
  const ends = linked.flatMap(({ entity, sides }) =>
    Object.entries(sides).map(([side, at]) => `${entity}|${side}|${at!.resource}/${at!.id}`),
  )
  expect(new Set(ends).size, 'links are a bijection').toBe(ends.length)
  for (const { sides } of linked) expect(Object.values(sides).every((at) => at!.id !== '')).toBe(true)
  expect(await bench.store.journal.count(), 'nothing is under way').toBe(0)
  const work = await bench.store.work.page({}, { limit: 100 })
  const known = (link: Link) =>
    Object.entries(link.sides)
      .map(([side, at]) => `${side}:${at!.key} ${JSON.stringify(at!.known ?? {})}${at!.gone ? ' gone' : ''}`)
      .sort()
  return {
    rows: rowsOf(bench),
    links: links
      .map((link) => `${link.entity} ${link.linked} ${known(link).join(' ')} ${JSON.stringify(link.base)}`)
      .sort(),
    work: work.map(({ id, state, failure }) => `${id} ${state} ${failure?.code}`),
  }
}

async function firstSync({ bench }: { bench: EngineBench }): Promise<void> {
  await bench.engine.connect()
  await bench.engine.quiet(5_000)
}

async function live({ bench }: { bench: EngineBench }): Promise<void> {
  await bench.engine.poll()
  await bench.engine.quiet(5_000)
}

/** Lets one call fail, then sees to it that everything comes to rest. */
async function withTrip(trip: Trip, scenario: 'first sync' | 'live') {
  const world = await openWorld()
  const { bench, wire } = world
  if (scenario === 'live') {
    await firstSync(world)
    await bench.settle()
    edit(bench)
  }
  wire.arm(trip)
  // Half of the crashes lose the outcomes that were on their way, too: they must be asked for.
  if (trip.forGood && trip.n % 2 === 0) bench.deliver(false)
  const done = (scenario === 'live' ? live(world) : firstSync(world)).catch(() => undefined)
  await Promise.race([done, wire.died])
  const { calls, tripped } = wire
  if (trip.forGood) {
    await bench.engine.stop()
    await done
    wire.disarm()
    await bench.restart()
  }
  wire.disarm()
  await finish(() => bench.engine.connect())
  // Long enough for the first try after a failure.
  await bench.clock.sleep(2_000)
  for (let i = 0; i < 3; i += 1) {
    await finish(() => bench.engine.poll())
    expect(await bench.engine.quiet(100_000), `${tripped}: comes to rest`).toBe(true)
  }
  const outcome = await outcomeOf(bench)
  await bench.close()
  return { outcome, calls, tripped }
}

const ways = [
  ['fails once before it did anything', { moment: 'before', forGood: false }],
  ['fails once, its answer lost', { moment: 'after', forGood: false }],
  ['is the last one before a crash', { moment: 'before', forGood: true }],
  ['is the last one that is done before a crash', { moment: 'after', forGood: true }],
] as const

/** Every call takes a minute or two: `EVERY_CALL=1`. Otherwise each way of failing has calls of its own. */
const strides = process.env.EVERY_CALL ? { 'first sync': 1, live: 1 } : { 'first sync': 6, live: 2 }

it.each(
  (['first sync', 'live'] as const).flatMap((scenario) =>
    ways.map(([title, way], index) => [scenario, title, way, index] as const),
  ),
)(
  '%s: whichever call %s, nothing is lost and nothing doubled',
  async (scenario, _title, way, index) => {
    const good = await withTrip(never, scenario)
    const stride = strides[scenario]
    for (let n = 1 + (index % stride); n <= good.calls; n += stride) {
      const { outcome, tripped } = await withTrip({ n, ...way }, scenario)
      expect(outcome, `call ${n}: ${tripped}`).toEqual(good.outcome)
    }
  },
  300_000,
)
