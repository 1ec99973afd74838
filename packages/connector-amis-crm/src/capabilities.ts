import { toTimeStamp } from '@amis-sync/core'
import type { Capability, Clock, Row } from '@amis-sync/core'
import { hasCode } from './api.ts'
import type { CrmApi } from './api.ts'
import { flags as allFlags } from './config.ts'
import type { CrmConfig, Flag } from './config.ts'
import { resources } from './resources.ts'

const dayMs = 86_400_000
/** How long a probe without an answer (no row to look at) is believed. */
const unknownMs = 600_000

/** Looks without touching. `undefined` = cannot be told now. */
type Probe = (look: Look) => Promise<boolean | undefined>

interface Look {
  /** Is the call offered (not 404)? */
  offered(path: string, query: Record<string, string | number>): Promise<boolean>
  /** Any row of the resource; each is asked for once per round. */
  sample(path: string): Promise<Row | undefined>
  rows(path: string, query: Record<string, string | number>): Promise<readonly Row[]>
}

interface FlagRule {
  readonly assumed: boolean
  readonly probe?: Probe
}

const one = { page: 0, pageSize: 1 }
const future = '2999-01-01T00:00:00.000+07:00'

const resourceProbe =
  (flag: Flag): Probe =>
  (look) =>
    look.offered(resources.find((resource) => resource.flag === flag)?.path ?? '', one)

/** Does a row of the first resource that has one carry the column? */
const columnProbe =
  (...places: readonly (readonly [path: string, column: string])[]): Probe =>
  async (look) => {
    for (const [path, column] of places) {
      const row = await look.sample(path)
      if (row !== undefined) return column in row
    }
    return undefined
  }

/** Contract §6.1 as data. */
const rules: Readonly<Record<Flag, FlagRule>> = {
  modifiedFrom: {
    assumed: true,
    probe: async (look) => (await look.rows('/Customers', { ...one, modifiedFrom: future })).length === 0,
  },
  deletedFeed: {
    assumed: true,
    probe: (look) => look.offered('/deleted', { entity: 'Customers', since: toTimeStamp(Date.parse(future)), ...one }),
  },
  webhooks: { assumed: true },
  customerGroups: { assumed: true, probe: resourceProbe('customerGroups') },
  productCategories: { assumed: true, probe: resourceProbe('productCategories') },
  quotes: { assumed: true, probe: resourceProbe('quotes') },
  invoiceRequests: { assumed: true, probe: resourceProbe('invoiceRequests') },
  pricePolicies: { assumed: true, probe: resourceProbe('pricePolicies') },
  customerDebts: { assumed: true, probe: resourceProbe('customerDebts') },
  referenceCodes: {
    assumed: true,
    probe: columnProbe(
      ['/SaleOrders', 'account_number'],
      ['/Contacts', 'account_number'],
      ['/Products', 'default_stock_code'],
    ),
  },
  lineIds: {
    assumed: true,
    probe: async (look) => {
      const lines = (await look.sample('/SaleOrders'))?.['sale_order_product_mappings']
      const line: unknown = Array.isArray(lines) ? lines[0] : undefined
      return typeof line === 'object' && line !== null ? 'line_id' in line : undefined
    },
  },
  receiptList: { assumed: true, probe: columnProbe(['/SaleOrders', 'receipts']) },
  revenueWithdrawal: { assumed: true, probe: columnProbe(['/SaleOrders', 'revenue_withdraw_requested']) },
  rowErrorCodes: { assumed: true },
  productWrite: { assumed: false },
  stockWrite: { assumed: false },
}

/** What the connection can do, probed when first asked and then daily. */
export interface Capabilities {
  has(flag: Flag): Promise<boolean>
  all(): Promise<readonly Capability[]>
  /** A good delivery arrived. */
  delivered(): void
}

export function createCapabilities(api: CrmApi, config: CrmConfig, clock: Clock): Capabilities {
  const known = new Map<Flag, { readonly on: boolean | undefined; readonly until: number }>()
  const underWay = new Map<Flag, Promise<boolean | undefined>>()
  let deliveredAt: number | undefined

  const createLook = (): Look => {
    const samples = new Map<string, Promise<Row | undefined>>()
    const rows: Look['rows'] = async (path, query) => (await api.rows(path, query)).rows
    return {
      rows,
      async offered(path, query) {
        try {
          await api.rows(path, query)
          return true
        } catch (error) {
          if (hasCode(error, 'RESOURCE_NOT_OFFERED')) return false
          // It is there, but not for us; the connection check names the missing right.
          if (hasCode(error, 'RIGHT_MISSING')) return true
          throw error
        }
      },
      sample(path) {
        const found = samples.get(path) ?? rows(path, one).then(([row]) => row)
        samples.set(path, found)
        return found
      },
    }
  }

  const probe = async (flag: Flag, look: Look): Promise<boolean | undefined> => {
    const run = rules[flag].probe
    if (run === undefined) return undefined
    const before = known.get(flag)
    if (before !== undefined && clock.now() < before.until) return before.on
    let on: boolean | undefined
    try {
      on = await run(look)
    } catch (error) {
      if (!hasCode(error, 'RIGHT_MISSING') && !hasCode(error, 'RESOURCE_NOT_OFFERED')) throw error
    }
    known.set(flag, { on, until: clock.now() + (on === undefined ? unknownMs : dayMs) })
    return on
  }

  const probeOnce = (flag: Flag, look: Look): Promise<boolean | undefined> => {
    const running = underWay.get(flag) ?? probe(flag, look).finally(() => underWay.delete(flag))
    underWay.set(flag, running)
    return running
  }

  const capability = async (flag: Flag, look: Look): Promise<Capability> => {
    const { assumed } = rules[flag]
    const told = config.capabilities[flag]
    if (told !== undefined) return { flag, on: told, source: 'config', assumed }
    if (flag === 'webhooks') {
      const seen = deliveredAt !== undefined && clock.now() - deliveredAt < dayMs
      return { flag, on: config.webhookSecret !== undefined, source: seen ? 'probe' : 'default', assumed }
    }
    const probed = await probeOnce(flag, look)
    return probed === undefined
      ? { flag, on: true, source: 'default', assumed }
      : { flag, on: probed, source: 'probe', assumed }
  }

  return {
    async has(flag) {
      return (await capability(flag, createLook())).on
    },
    async all() {
      const look = createLook()
      const found: Capability[] = []
      for (const flag of allFlags) found.push(await capability(flag, look))
      return found
    },
    delivered() {
      deliveredAt = clock.now()
    },
  }
}
