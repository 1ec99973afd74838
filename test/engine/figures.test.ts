import type { Connection, EntityPlugin, Link, Row, RowOutcome, TenantStore, WireRecord } from '@amis-sync/core'
import { createTenantEngine } from '@amis-sync/engine'
import { plugin as customer } from '@amis-sync/entity-customer'
import { plugin as customerGroup } from '@amis-sync/entity-customer-group'
import { plugin as receivable } from '@amis-sync/entity-receivable'
import { createMemoryStore } from '@amis-sync/testkit'
import { expect, it } from 'vitest'
import { quietLogger } from './engine-bench.ts'
import { createVirtualClock } from './virtual-clock.ts'

const plugins: readonly EntityPlugin[] = [customerGroup, customer, receivable]
const minute = 60_000

/** A customer of both sides: `k1` of Accounting is `KH1`, row 1 of the CRM. */
function linkOf(number: number, crmId = String(number), revision = 0): Link {
  return {
    id: `link-${number}`,
    entity: 'customer',
    linked: true,
    sides: {
      accounting: { resource: 'AccountObjects', id: `k${number}`, key: `KH${number}` },
      crm: { resource: 'Customers', id: crmId, key: `KH${number}` },
    },
    trail: [],
    revision,
  }
}

function debtOf(number: number, amount: number): WireRecord {
  const row: Row = {
    account_object_id: `k${number}`,
    account_object_code: `KH${number}`,
    account_object_name: `Khách ${number}`,
    organization_unit_code: 'CN1',
    organization_unit_name: 'Chi nhánh 1',
    debt_amount: amount,
    as_of: '2026-11-24 08:25:01',
  }
  return { resource: 'Debts', id: `k${number}:cn1`, key: `KH${number}`, row }
}

/** A live tenant of five linked customers that owe something, a clock that takes no time, and a CRM that takes two rows a call. */
async function openFigures() {
  const clock = createVirtualClock()
  const store = createMemoryStore().forTenant('acme')
  await store.saveState({ phase: 'live', updatedAt: 0 })
  await store.links.save([1, 2, 3, 4, 5].map((number) => ({ link: linkOf(number) })))
  const world = {
    clock,
    store,
    debts: [1, 2, 3, 4, 5].map((number) => debtOf(number, number * 1_000)),
    calls: [] as Row[][],
    readings: 0,
    readingTakes: 0,
    leased: true,
    /** What the CRM says to a row; nothing = stored. */
    answer: (_row: Row): RowOutcome['failure'] => undefined,
    afterCall: () => undefined as void,
    wrapStore: (one: TenantStore) => one,
  }
  const base = { check: async () => [], capabilities: async () => [], close: async () => undefined }
  const accounting: Connection = {
    ...base,
    system: 'accounting',
    listPage: async () => {
      world.readings += 1
      if (world.readingTakes > 0) await clock.sleep(world.readingTakes)
      return { records: world.debts }
    },
  }
  const crm: Connection = {
    ...base,
    system: 'crm',
    batchSize: 2,
    outcomes: 'immediate',
    writeRows: async (writes) => {
      world.calls.push(writes.map(({ row }) => row))
      const outcomes = writes.map(({ opId, row }): RowOutcome => {
        const failure = world.answer(row)
        return failure ? { opId, status: 'rejected', failure } : { opId, status: 'applied' }
      })
      world.afterCall()
      return outcomes
    },
  }
  const start = async () => {
    const engine = createTenantEngine({
      settings: {
        tenant: 'acme',
        convertedFrom: 'none',
        enabled: new Set(plugins.map(({ id }) => id)),
        conflicts: {},
        plugins: {},
        pollMs: 86_400_000,
        auditShare: 1,
      },
      plugins,
      connections: new Map([
        ['accounting', accounting],
        ['crm', crm],
      ]),
      store: world.wrapStore(store),
      clock,
      random: { next: () => 0 },
      logger: quietLogger,
      metrics: { count: () => undefined, gauge: () => undefined },
      leased: () => world.leased,
    })
    await engine.start()
    return engine
  }
  return { world, start }
}

const customersOf = (calls: readonly Row[][]) => calls.map((rows) => rows.map((row) => row.account_number))

it('figures are sent in batches of the connection, once', async () => {
  const { world, start } = await openFigures()
  const engine = await start()
  await world.clock.sleep(30 * minute)
  await engine.stop()
  expect(customersOf(world.calls)).toEqual([['KH1', 'KH2'], ['KH3', 'KH4'], ['KH5']])
  expect(world.readings).toBeGreaterThan(3)
})

it('who loses the lease between two calls sends nothing any more; the next one sends what was not noted', async () => {
  const { world, start } = await openFigures()
  world.afterCall = () => (world.leased = false)
  const engine = await start()
  await world.clock.sleep(minute)
  await engine.stop()
  expect(customersOf(world.calls)).toEqual([['KH1', 'KH2']])
  world.leased = true
  world.afterCall = () => undefined
  const next = await start()
  await world.clock.sleep(minute)
  await next.stop()
  expect(customersOf(world.calls.slice(1))).toEqual([['KH1', 'KH2'], ['KH3', 'KH4'], ['KH5']])
})

it('a customer whose CRM record is another one by now is told anew, the others are not', async () => {
  const { world, start } = await openFigures()
  const engine = await start()
  await world.clock.sleep(minute)
  world.calls.length = 0
  await world.store.links.save([{ link: linkOf(3, '33', 1) }])
  const { sent } = await engine.desk('figures', { entity: 'receivable' })
  await engine.stop()
  expect(sent).toBe(1)
  expect(customersOf(world.calls)).toEqual([['KH3']])
})

it('a row that is refused for its own sake is asked again with growing pauses, and at once when it changes', async () => {
  const { world, start } = await openFigures()
  const failure = { code: 'VALUE_INVALID', kind: 'recordRejected', vi: 'Sai', en: 'Wrong' } as const
  world.answer = (row) => (row.account_number === 'KH2' ? failure : undefined)
  const engine = await start()
  await world.clock.sleep(119 * minute)
  const tries = () => customersOf(world.calls).filter((rows) => rows.includes('KH2')).length
  expect([tries(), world.calls.length]).toEqual([5, 7])
  expect(world.readings).toBeGreaterThan(20)
  world.answer = () => undefined
  world.debts = [debtOf(2, 5), ...world.debts.filter(({ key }) => key !== 'KH2')]
  await world.clock.sleep(6 * minute)
  await engine.stop()
  expect([tries(), world.calls.at(-1)?.[0]?.debt_amount]).toEqual([6, 5])
})

it('a fault of the CRM with one row is tried again soon, without another reading', async () => {
  const { world, start } = await openFigures()
  const failure = { code: 'SERVER_EXCEPTION', kind: 'retriable', vi: 'Lỗi', en: 'Fault' } as const
  let faults = 3
  world.answer = (row) => (row.account_number === 'KH5' && (faults -= 1) >= 0 ? failure : undefined)
  const engine = await start()
  await world.clock.sleep(minute)
  await engine.stop()
  expect(customersOf(world.calls).slice(2)).toEqual([['KH5'], ['KH5'], ['KH5'], ['KH5']])
  expect(world.readings).toBe(1)
})

it('reading that takes long takes at most about a tenth of the time', async () => {
  const { world, start } = await openFigures()
  world.readingTakes = 5 * minute
  const engine = await start()
  await world.clock.sleep(500 * minute)
  await engine.stop()
  expect(world.readings).toBeGreaterThanOrEqual(9)
  expect(world.readings).toBeLessThanOrEqual(11)
})

it('while nothing changes hardly anything is read from the store or written to it', async () => {
  const { world, start } = await openFigures()
  const commands: Record<string, number> = {}
  world.wrapStore = (store) => {
    const documents = new Proxy(store.documents, {
      get(target, name: 'put') {
        commands[name] = (commands[name] ?? 0) + 1
        return target[name].bind(target)
      },
    })
    return new Proxy(store, {
      get(target, name: keyof TenantStore): unknown {
        const value: unknown = name === 'documents' ? documents : target[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  const engine = await start()
  await world.clock.sleep(minute)
  for (const name of Object.keys(commands)) delete commands[name]
  const before = world.readings
  await world.clock.sleep(120 * minute)
  await engine.stop()
  expect(world.readings - before).toBe(24)
  expect(commands.put).toBeLessThanOrEqual(12)
  expect(commands.page).toBeLessThanOrEqual(4)
})
