import { describe, expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import type { AnyRow, Company } from './company.ts'
import { product } from './records.ts'
import {
  amounts,
  debts,
  known,
  ledger,
  live,
  openLive,
  openStocked,
  quantities,
  read,
  readBalances,
  readDebts,
  setBalance,
  setDebt,
} from './stocked.ts'
import { calls, goWrong, item, until } from './trouble.ts'

/** Between two readings passes some time; on a busy machine more. */
const patience = 40_000

describe('ST1', () => {
  it('ST1 with the first sync, stock on hand of all branches stands in CRM, per warehouse, warehouses first', async () => {
    const company = await openLive()
    const act = await company.find('accounting', 'Stocks', 'K1')
    expect(await quantities(company)).toEqual(known)
    expect(await company.find('crm', 'Stocks', 'K1')).toMatchObject({
      stock_name: 'Kho K1',
      async_id: act!.stock_id,
      inactive: false,
    })
    expect((await company.find('crm', 'ProductLedger', 'VT1'))!.as_of).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+07:00$/,
    )
    const made = await calls(company)
    expect([made[ledger], made['crm POST Stocks'], made[debts]]).toEqual([1, 1, 1])
    const { rows } = await company.admin('GET', '/requests')
    const seq = (path: string) =>
      (rows as AnyRow[]).find((row) => row.method === 'POST' && row.path.endsWith(path))!.seq
    expect(seq('/Stocks')).toBeLessThan(seq('/Stocks/product_ledger'))
  })

  it(
    'ST1 later changes go by themselves, only what changed; nothing changed, nothing is sent',
    { timeout: 90_000 },
    async () => {
      const company = await openLive({ tenant: { inventory: { refreshSeconds: 1 } } })
      await company.forget()
      await setBalance(company, 'VT1', 'K1', 11.25)
      await until('the new quantity is in CRM', async () => (await quantities(company))['VT1 K1'] === 11.25, patience)
      const { rows } = await company.admin('GET', '/requests')
      expect(
        (rows as AnyRow[]).filter(({ method, path }) => method === 'POST' && path.includes('ledger')),
      ).toMatchObject([{ rowsIn: 1 }])
      await company.forget()
      await until('it was read twice more', async () => ((await calls(company))[readBalances] ?? 0) >= 4, patience)
      expect(await company.writes()).toEqual({})
    },
  )

  it('ST1 a product that is not linked is not written; it is when it is linked, without another reading', async () => {
    const company = await openLive()
    await goWrong(company, {
      system: 'crm',
      route: 'POST /api/v2/Products',
      kind: 'partialBatch',
      times: 9,
      params: { fraction: 1, code: 'invalid' },
    })
    await company.create('accounting', 'InventoryItems', item('VT9'))
    await company.settle()
    await setBalance(company, 'VT9', 'K1', 5)
    await company.forget()
    expect(await read(company, 'inventory')).toMatchObject({ changed: 1, sent: 0, state: { unlinked: 1, unsent: 0 } })
    expect(await company.writes()).toEqual({})
    await goWrong(company)
    await company.forget()
    await company.update('accounting', 'InventoryItems', 'VT9', { inventory_item_name: 'Hàng mới' })
    await until('its quantity is in CRM', async () => (await quantities(company))['VT9 K1'] === 5)
    expect(await calls(company)).toMatchObject({ [ledger]: 1, 'crm POST Products': 1 })
    expect((await calls(company))[readBalances]).toBeUndefined()
  })

  it('ST1 a row that the CRM refuses is asked again, the others are not', async () => {
    const company = await openStocked()
    await setBalance(company, 'VT1', 'K1', 1)
    await setBalance(company, 'VT2', 'K1', 2)
    await goWrong(company, {
      system: 'crm',
      route: 'POST /api/v2/Stocks/product_ledger',
      kind: 'partialBatch',
      params: { fraction: 0.5, code: 'exception' },
    })
    await live(company)
    await until('both are there', async () => Object.keys(await quantities(company)).length === 2)
    const { rows } = await company.admin('GET', '/requests')
    const sent = (rows as AnyRow[]).filter(({ path, method }) => method === 'POST' && path.includes('product_ledger'))
    expect(sent.map(({ rowsIn }) => rowsIn)).toEqual([2, 1])
    expect((await calls(company))[readBalances]).toBe(2)
  })

  it('ST1 a crash in the middle of sending: the rest goes once', { timeout: 90_000 }, async () => {
    const company = await openStocked()
    const codes = Array.from({ length: 125 }, (_, index) => `SP${index + 1}`)
    const many = (commands: AnyRow[]) => company.admin('POST', '/act', commands)
    await many(codes.map((code) => ({ system: 'crm', action: 'create', entity: 'Products', record: product(code) })))
    await live(company)
    const set = { system: 'accounting', action: 'setBalance', quantity: 4 }
    await many(
      codes.flatMap((code) => ['K1', 'K2'].map((stock) => ({ ...set, inventory_item_code: code, stock_code: stock }))),
    )
    await company.forget()
    // The second call is done at once, and its answer comes when the runner is told to stop already.
    await goWrong(company, {
      system: 'crm',
      route: 'POST /api/v2/Stocks/product_ledger',
      kind: 'slow',
      after: 1,
      params: { ms: 1_500 },
    })
    void read(company, 'inventory').catch(() => undefined)
    await until('the second call is under way', async () => (await quantitiesCount(company)) === 200)
    await company.restart()
    await until('everything is in CRM', async () => (await quantitiesCount(company)) === 250)
    await company.settle()
    const { rows } = await company.admin('GET', '/requests')
    const sent = (rows as AnyRow[]).filter(({ path, method }) => method === 'POST' && path.includes('product_ledger'))
    expect(sent.map(({ rowsIn }) => rowsIn)).toEqual([100, 100, 50])
  })
})

async function quantitiesCount(company: Company): Promise<number> {
  return (await company.rows('crm', 'ProductLedger')).length
}

describe('DE1', () => {
  it('DE1 balances of all branches stand in CRM, of companies and of individuals; paid off is 0', async () => {
    const company = await openLive()
    expect(await amounts(company)).toEqual({ 'KH1 CN1': 1_000_000, 'KH1 CN2': 250_000.5, 'CN9 CN1': 90_000 })
    expect(await company.rows('crm', 'CustomerDebts')).toContainEqual(
      expect.objectContaining({ account_number: null, contact_code: 'CN9', branch_name: 'Chi nhánh CN1' }),
    )
    expect(await company.find('crm', 'Customers', 'KH1')).toMatchObject({ debt: 1_250_000.5 })
    await company.forget()
    await setDebt(company, 'KH1', 'CN2', 0)
    expect(await read(company, 'receivable')).toMatchObject({ changed: 1, sent: 1 })
    expect((await amounts(company))['KH1 CN2']).toBe(0)
    expect(await company.writes()).toEqual({ 'POST /api/v2/CustomerDebts': 1 })
  })

  it('DE1 a branch that gets another name is told so, the amounts stay', async () => {
    const company = await openLive()
    await company.update('accounting', 'OrganizationUnits', 'CN1', { organization_unit_name: 'Chi nhánh Huế' })
    await company.forget()
    expect(await read(company, 'receivable')).toMatchObject({ changed: 2, sent: 2 })
    expect(await company.rows('crm', 'CustomerDebts')).toContainEqual(
      expect.objectContaining({ account_number: 'KH1', branch_name: 'Chi nhánh Huế', debt_amount: 1_000_000 }),
    )
    expect(await company.writes()).toEqual({ 'POST /api/v2/CustomerDebts': 1 })
  })

  it('DE1 who is no customer is not written', async () => {
    const company = await openLive()
    await company.create('accounting', 'AccountObjects', {
      account_object_code: 'NCC',
      account_object_name: 'Nhà cung cấp',
      is_vendor: true,
    })
    await setDebt(company, 'NCC', 'CN1', 5)
    await company.forget()
    expect(await read(company, 'receivable')).toMatchObject({ changed: 1, sent: 0, state: { unlinked: 1 } })
    expect(await company.writes()).toEqual({})
  })

  it('DE1 the sign of the tenant is turned round', async () => {
    const company = await openStocked({ tenant: { connections: { accounting: { debtSign: 'negative' } } } })
    await setDebt(company, 'KH1', 'CN1', -75_000)
    await live(company)
    expect(await amounts(company)).toEqual({ 'KH1 CN1': 75_000 })
  })
})

it('ST1 DE1 what the CRM does not offer is off with the reason; the figures are read and can be looked up all the same', async () => {
  const company = await openLive({
    tenant: { connections: { crm: { capabilities: { stockWrite: false, customerDebts: false } } } },
  })
  expect((await company.store.state())!.off).toMatchObject({
    inventory: { code: 'NOT_OFFERED' },
    receivable: { code: 'NOT_OFFERED' },
    warehouse: { code: 'NOT_OFFERED' },
  })
  expect(await read(company, 'inventory')).toMatchObject({ sent: 0, state: { count: 4, unsent: 0 } })
  const made = await calls(company)
  expect([made[ledger], made[debts], made['crm POST Stocks']]).toEqual([undefined, undefined, undefined])
  const amis = await commandLine(company)
  const { places } = JSON.parse((await amis('lookup', 'stock', 'demo', '--product', 'VT1', '--output', 'json')).stdout)
  expect(places).toMatchObject([{ values: { quantity: '12.5' } }, { values: { quantity: '3' } }])
})

it('C5 figures that are left out are neither read nor written', async () => {
  const off = { enabled: false }
  const company = await openLive({ tenant: { entities: { inventory: off, receivable: off, warehouse: off } } })
  const made = await calls(company)
  expect([made[readBalances], made[readDebts], made[ledger], made[debts]]).toEqual(Array(4).fill(undefined))
  expect(Object.keys(made).filter((route) => route.startsWith('crm') && route.includes('Stocks'))).toEqual([])
  await expect(read(company, 'inventory')).rejects.toMatchObject({ code: 'FIGURES_AT_REST' })
  expect(await company.store.documents.count('figure')).toBe(0)
})

it('C11 a pause stops the figures; they go on with what changed meanwhile', async () => {
  const company = await openLive()
  await company.engine.pause()
  await setBalance(company, 'VT1', 'K1', 1)
  await company.forget()
  await expect(read(company, 'inventory')).rejects.toMatchObject({ code: 'FIGURES_AT_REST' })
  expect(await calls(company)).toEqual({})
  await company.engine.resume()
  await until('the new quantity is in CRM', async () => (await quantities(company))['VT1 K1'] === 1)
  await company.settle()
  expect(await calls(company)).toMatchObject({ [ledger]: 1, [readBalances]: 2, [readDebts]: 2 })
  expect((await calls(company))[debts]).toBeUndefined()
})

it(
  'ST2 DE2 a product by warehouse, a customer by branch, from the store alone, while the runner goes on',
  { timeout: 90_000 },
  async () => {
    const company = await openLive()
    const amis = await commandLine(company)
    await company.forget()
    const [stock, debt, wrong, text, status] = await Promise.all([
      amis('lookup', 'stock', 'demo', '--product', 'vt1', '--output', 'json'),
      amis('lookup', 'debt', 'demo', '--customer', 'CN9', '--output', 'json'),
      amis('lookup', 'stock', 'demo', '--product', 'VT3'),
      amis('lookup', 'debt', 'demo', '--customer', 'KH1'),
      amis('status', 'demo'),
    ])
    expect(JSON.parse(stock.stdout)).toMatchObject({
      code: 'VT1',
      name: 'Hàng VT1',
      unit: 'Cái',
      places: [
        { code: 'K1', name: 'Kho K1', values: { quantity: '12.5' } },
        { code: 'K2', name: 'Kho K2', values: { quantity: '3' } },
      ],
      totals: { quantity: '15.5' },
    })
    const { places, state } = JSON.parse(stock.stdout)
    expect(places[0].asOf).toBe(state.asOf)
    expect(state.readAt).toBeGreaterThan(0)
    expect(places[0].sentAt).toBeGreaterThan(0)
    expect(JSON.parse(debt.stdout)).toMatchObject({ code: 'CN9', totals: { amount: '90000' } })
    expect(wrong).toMatchObject({ code: 64 })
    expect(wrong.stderr).toContain('Did you mean "VT')
    expect(text.stdout).toMatch(/CN1 .*1,000,000 [\s\S]*CN2 .*250,000\.5 [\s\S]*Total .*1,250,000\.5/)
    expect(status.stdout).toMatch(/inventory: 4 figures, read last \d{4}-/)
    expect(status.stdout).toMatch(/receivable: 3 figures/)
    expect(await calls(company)).toEqual({})
  },
)

it('ST2 a product without stock is known; ST3 what is held is said', { timeout: 90_000 }, async () => {
  const company = await openLive()
  await company.create('crm', 'Products', product('VT7'))
  await company.settle()
  await goWrong(company, {
    system: 'accounting',
    route: 'POST /apir/sync/actopen/get_list_inventory_balance',
    kind: 'empty',
    times: 1_000,
  })
  const amis = await commandLine(company)
  const sync = await amis('sync', 'demo', 'inventory')
  expect(sync).toMatchObject({ code: 3 })
  expect(sync.stdout).toContain('FIGURE_FUSE')
  const [none, stock, status, why] = await Promise.all([
    amis('lookup', 'stock', 'demo', '--product', 'VT7'),
    amis('lookup', 'stock', 'demo', '--product', 'VT1'),
    amis('status', 'demo'),
    amis('why', 'demo', 'inventory', 'VT1'),
  ])
  expect(none).toMatchObject({ code: 0 })
  expect(none.stdout).toContain('There are no figures')
  for (const { stdout } of [stock, status, why]) expect(stdout).toContain('lacks 4 of 4 figures')
  expect(stock.stdout).toContain('12.5')
  expect(why.stdout).toContain('K1: 12.5')
})
