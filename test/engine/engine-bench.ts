import type { Clock, Connection, EntityPlugin, Logger, TenantStore } from '@amis-sync/core'
import { type TenantEngine, type TenantSettings, createTenantEngine } from '@amis-sync/engine'
import { TwinSystem, createMemoryStore } from '@amis-sync/testkit'
import { plugin as customer } from '@amis-sync/entity-customer'
import { plugin as customerGroup } from '@amis-sync/entity-customer-group'
import { plugin as employee } from '@amis-sync/entity-employee'
import { plugin as organizationUnit } from '@amis-sync/entity-organization-unit'
import { plugin as product } from '@amis-sync/entity-product'
import { plugin as productGroup } from '@amis-sync/entity-product-group'
import { plugin as salesOrder } from '@amis-sync/entity-sales-order'
import { setTimeout as sleep } from 'node:timers/promises'

export const plugins: readonly EntityPlugin[] = [
  organizationUnit,
  employee,
  customerGroup,
  customer,
  productGroup,
  product,
]

export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => process.env.DEBUG && console.warn(message, fields),
  error: (message, fields) => console.error(message, fields),
  child: () => quietLogger,
}

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal ? { signal } : undefined).catch(() => undefined)
  },
}

export interface EngineBench {
  readonly engine: TenantEngine
  readonly crm: TwinSystem
  readonly accounting: TwinSystem
  readonly system: TwinSystem
  readonly store: TenantStore
  readonly clock: Clock
  /** Delivers Accounting's outcomes until nothing happens any more. */
  readonly settle: () => Promise<void>
  readonly restart: () => Promise<void>
  /** Holds Accounting's outcomes back, or lets them come again. */
  readonly deliver: (on: boolean) => void
  readonly close: () => Promise<void>
}

export interface BenchOptions {
  readonly clock?: Clock
  /** Sales orders are synced, too. */
  readonly orders?: boolean
  /** Puts something between the engine and its store; asked anew at each start. */
  readonly wrapStore?: (store: TenantStore) => TenantStore
  readonly wrapConnection?: (connection: Connection) => Connection
}

function same<T>(value: T): T {
  return value
}

/** The real engine and plugins over in-memory twins of the three systems. */
export async function openBench(
  settings: Partial<TenantSettings> = {},
  { clock = realClock, orders = false, wrapStore = same, wrapConnection = same }: BenchOptions = {},
): Promise<EngineBench> {
  const loaded = orders ? [...plugins, salesOrder] : plugins
  const resource = (idColumn: string, keyColumn: string) => ({ idColumn, keyColumn })
  const crm = new TwinSystem({
    system: 'crm',
    outcomes: 'immediate',
    readable: ['Customers', 'Contacts', 'CustomerGroups', 'Products', 'ProductCategories', 'SaleOrders'],
    resources: {
      Customers: resource('id', 'account_number'),
      Contacts: resource('id', 'contact_code'),
      CustomerGroups: resource('id', 'group_code'),
      Products: resource('id', 'product_code'),
      ProductCategories: resource('id', 'category_code'),
      SaleOrders: resource('id', 'sale_order_no'),
    },
  })
  const accounting = new TwinSystem({
    system: 'accounting',
    outcomes: 'later',
    readable: orders ? ['Vouchers'] : [],
    keeps: (row) => (row.has_created_voucher === true ? 'Đã phát sinh chứng từ' : undefined),
    resources: {
      AccountObjects: resource('account_object_id', 'account_object_code'),
      AccountObjectGroups: resource('account_object_group_id', 'account_object_group_code'),
      InventoryItems: resource('inventory_item_id', 'inventory_item_code'),
      InventoryItemCategories: resource('inventory_item_category_id', 'inventory_item_category_code'),
      OrganizationUnits: resource('organization_unit_id', 'organization_unit_code'),
      Vouchers: resource('org_refid', 'org_refno'),
    },
  })
  const system = new TwinSystem({
    system: 'system',
    outcomes: 'immediate',
    readable: ['OrganizationUnits', 'Employees'],
    resources: { OrganizationUnits: resource('id', 'code'), Employees: resource('id', 'code') },
  })
  const store = createMemoryStore().forTenant('acme')
  const open = () =>
    createTenantEngine({
      settings: {
        tenant: 'acme',
        convertedFrom: 'none',
        enabled: new Set(loaded.map(({ id }) => id)),
        conflicts: {},
        plugins: {},
        pollMs: 3_600_000,
        auditShare: 1,
        ...settings,
      },
      plugins: loaded,
      connections: new Map(
        [crm, accounting, system].map((twin) => {
          const connection = wrapConnection(twin.connection())
          return [connection.system, connection]
        }),
      ),
      store: wrapStore(store),
      clock,
      random: { next: () => 0.5 },
      logger: quietLogger,
      metrics: { count: () => undefined, gauge: () => undefined },
      leased: () => true,
    })
  let engine = open()
  let deliveries = 0
  let delivering = true
  const deliver = async (): Promise<boolean> => {
    const outcomes = delivering ? accounting.takeOutcomes() : []
    if (outcomes.length === 0) return false
    deliveries += 1
    await store.inbox.accept({
      id: `d${deliveries}`,
      system: 'accounting',
      hints: [],
      outcomes,
      receivedAt: clock.now(),
    })
    engine.wake()
    return true
  }
  const closed = new AbortController()
  const carrier = (async () => {
    while (!closed.signal.aborted) {
      await clock.sleep(20, closed.signal)
      await deliver()
    }
  })()
  await engine.start()
  return {
    get engine() {
      return engine
    },
    crm,
    accounting,
    system,
    store,
    clock,
    settle: async () => {
      for (;;) {
        await engine.quiet(5_000)
        if (!(await deliver())) return
      }
    },
    restart: async () => {
      await engine.stop()
      engine = open()
      await engine.start()
    },
    deliver: (on) => {
      delivering = on
    },
    close: async () => {
      closed.abort()
      await Promise.all([engine.stop(), carrier])
    },
  }
}
