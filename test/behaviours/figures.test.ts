import { describe, expect, it } from 'vitest'
import { commandLine } from './command-line.ts'
import { type AnyRow, type Company, openCompany } from './company.ts'
import { customer, product } from './records.ts'
import { calls, goWrong, item, until } from './trouble.ts'

const ledger = 'crm POST Stocks/product_ledger'
const debts = 'crm POST CustomerDebts'
const readBalances = 'act get_list_inventory_balance'
const readDebts = 'act get_list_acc_obj_debt'

/** Two branches, two warehouses, products VT1 and VT2, customers KH1 and KH2, and the individual CN9. */
async function openStocked(options: AnyRow = {}): Promise<Company> {
  const company = await openCompany(options)
  const act = (entity: string, record: AnyRow) => company.create('accounting', entity, record)
  await act('Units', { unit_name: 'Cái' })
  for (const code of ['CN1', 'CN2'])
    await act('OrganizationUnits', {
      organization_unit_code: code,
      organization_unit_name: `Chi nhánh ${code}`,
      organization_unit_type_id: 2,
    })
  for (const code of ['K1', 'K2'])
    await act('Stocks', {
      stock_code: code,
      stock_name: `Kho ${code}`,
      organization_unit_code: code.replace('K', 'CN'),
    })
  for (const code of ['VT1', 'VT2']) await act('InventoryItems', item(code))
  for (const code of ['KH1', 'KH2', 'CN9'])
    await act('AccountObjects', {
      account_object_code: code,
      account_object_name: `Khách ${code}`,
      account_object_type: code === 'CN9' ? 1 : 0,
      is_customer: true,
    })
  return company
}

const setBalance = (company: Company, inventory_item_code: string, stock_code: string, quantity: number) =>
  company.act('accounting', 'setBalance', { inventory_item_code, stock_code, quantity })

const setDebt = (company: Company, account_object_code: string, organization_unit_code: string, amount: number) =>
  company.act('accounting', 'setDebt', { account_object_code, organization_unit_code, amount })

/** Connects, and lets everything come to rest. */
async function live(company: Company): Promise<Company> {
  expect(await company.connect()).toMatchObject({ state: 'connected', failed: 0 })
  await company.settle()
  return company
}

/** Connected, with four balances and three debts that the CRM has. */
async function openLive(options: AnyRow = {}): Promise<Company> {
  const company = await openStocked(options)
  for (const [code, stock, quantity] of [
    ['VT1', 'K1', 12.5],
    ['VT1', 'K2', 3],
    ['VT2', 'K1', 0],
    ['VT2', 'K2', 7],
  ] as const)
    await setBalance(company, code, stock, quantity)
  await setDebt(company, 'KH1', 'CN1', 1_000_000)
  await setDebt(company, 'KH1', 'CN2', 250_000.5)
  await setDebt(company, 'CN9', 'CN1', 90_000)
  await live(company)
  return company
}

/** The figures of an entity are read now, as a person asks. */
const read = (company: Company, entity: string, confirmMissing = false) =>
  company.engine.desk('figures', { entity, confirmMissing })

/** Quantities in CRM by product and warehouse. */
async function quantities(company: Company): Promise<AnyRow> {
  const rows = await company.rows('crm', 'ProductLedger')
  return Object.fromEntries(rows.map((row) => [`${row.product_code} ${row.stock_code}`, row.quantity]))
}

const known = { 'VT1 K1': 12.5, 'VT1 K2': 3, 'VT2 K1': 0, 'VT2 K2': 7 }

/** Debts in CRM by customer and branch. */
async function amounts(company: Company): Promise<AnyRow> {
  const rows = await company.rows('crm', 'CustomerDebts')
  return Object.fromEntries(
    rows.map((row) => [`${row.account_number ?? row.contact_code} ${row.branch_code}`, row.debt_amount]),
  )
}

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

  it('ST1 later changes go by themselves, only what changed; nothing changed, nothing is sent', async () => {
    const company = await openLive({ tenant: { inventory: { refreshSeconds: 1 } } })
    await company.forget()
    await setBalance(company, 'VT1', 'K1', 11.25)
    await until('the new quantity is in CRM', async () => (await quantities(company))['VT1 K1'] === 11.25)
    const { rows } = await company.admin('GET', '/requests')
    expect((rows as AnyRow[]).filter(({ method, path }) => method === 'POST' && path.includes('ledger'))).toMatchObject(
      [{ rowsIn: 1 }],
    )
    await company.forget()
    await until('it was read three times more', async () => ((await calls(company))[readBalances] ?? 0) >= 6)
    expect(await company.writes()).toEqual({})
  })

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

  it('ST1 a crash in the middle of sending: the rest goes once', { timeout: 30_000 }, async () => {
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

describe('ST3', () => {
  const always = (kind: string, params: AnyRow = {}) => ({
    system: 'accounting' as const,
    route: 'POST /apir/sync/actopen/get_list_inventory_balance',
    kind,
    times: 1_000,
    params,
  })

  it.each([
    ['empty', {}, { missing: 4, known: 4 }],
    ['short', { rows: 1 }, { missing: 3, known: 4 }],
  ])('ST3 %s answers that claim success change nothing, however often they come', async (kind, params, held) => {
    const company = await openLive()
    await goWrong(company, always(kind, params))
    await company.forget()
    for (let round = 0; round < 3; round += 1) {
      expect(await read(company, 'inventory')).toMatchObject({
        changed: 0,
        sent: 0,
        state: { count: 4, held: { ...held, failure: { code: 'FIGURE_FUSE' } } },
      })
    }
    expect(await company.writes()).toEqual({})
    expect(await quantities(company)).toEqual(known)
    await goWrong(company)
    const { state } = await read(company, 'inventory')
    expect(state).toMatchObject({ count: 4 })
    expect(state.held).toBeUndefined()
    expect(await company.writes()).toEqual({})
  })

  it('ST3 a failed or cut answer changes nothing and is shown', { timeout: 30_000 }, async () => {
    const company = await openLive()
    const debtList = 'POST /apir/sync/actopen/get_list_acc_obj_debt'
    await goWrong(company, always('status'), { ...always('truncate'), route: debtList })
    await company.forget()
    const [stock, debt] = await Promise.all([read(company, 'inventory'), read(company, 'receivable')])
    expect(stock).toMatchObject({ changed: 0, sent: 0, state: { count: 4, failure: { kind: 'retriable' } } })
    expect(debt).toMatchObject({ changed: 0, sent: 0, state: { count: 3, failure: { code: 'MALFORMED_ANSWER' } } })
    expect(await company.writes()).toEqual({})
    await goWrong(company)
    expect((await read(company, 'inventory')).state.failure).toBeUndefined()
    expect(await quantities(company)).toEqual(known)
  })

  it('ST3 what a short answer does show is true, what it hides stays', async () => {
    const company = await openLive()
    await setBalance(company, 'VT1', 'K1', 99)
    await goWrong(company, always('short', { rows: 1 }))
    await company.forget()
    expect(await read(company, 'inventory')).toMatchObject({ changed: 1, sent: 1, state: { held: { missing: 3 } } })
    expect(await quantities(company)).toEqual({ ...known, 'VT1 K1': 99 })
    expect(await company.writes()).toEqual({ 'POST /api/v2/Stocks/product_ledger': 1 })
  })

  /** From now on the listing lacks what was entered since {@link aMinuteLater}: answers of half a minute ago. */
  const stale = always('staleRead', { ms: 30_000 })
  const aMinuteLater = (company: Company) => company.admin('PUT', '/clock', { advanceMs: 60_000 })

  it('ST3 a pair that is missing becomes 0 at once when its product is known to be deleted', async () => {
    const company = await openLive()
    await aMinuteLater(company)
    await company.create('accounting', 'InventoryItems', item('VT3'))
    await company.settle()
    await setBalance(company, 'VT3', 'K2', 8)
    await read(company, 'inventory')
    expect(await quantities(company)).toEqual({ ...known, 'VT3 K2': 8 })
    await company.act('accounting', 'delete', { entity: 'InventoryItems', key: 'VT3' })
    await company.settle()
    await goWrong(company, stale)
    await company.forget()
    const { changed, state } = await read(company, 'inventory')
    expect([changed, state.held]).toEqual([1, undefined])
    expect(await quantities(company)).toEqual({ ...known, 'VT3 K2': 0 })
    await read(company, 'inventory')
    expect(await company.writes()).toEqual({ 'POST /api/v2/Stocks/product_ledger': 1 })
  })

  it('ST3 few missing pairs become 0 when two complete snapshots in a row lack them, and come back', async () => {
    const company = await openStocked()
    for (let index = 11; index < 30; index += 1) {
      await company.create('accounting', 'InventoryItems', item(`SP${index}`))
      await setBalance(company, `SP${index}`, 'K1', index)
    }
    await live(company)
    await aMinuteLater(company)
    await setBalance(company, 'VT1', 'K1', 5)
    await read(company, 'inventory')
    expect((await quantities(company))['VT1 K1']).toBe(5)
    await goWrong(company, stale)
    await company.forget()
    expect(await read(company, 'inventory')).toMatchObject({ changed: 0, sent: 0 })
    expect(await company.writes()).toEqual({})
    expect((await quantities(company))['VT1 K1']).toBe(5)
    expect(await read(company, 'inventory')).toMatchObject({ changed: 1, sent: 1 })
    expect((await quantities(company))['VT1 K1']).toBe(0)
    expect(await read(company, 'inventory')).toMatchObject({ changed: 0, sent: 0 })
    await goWrong(company)
    expect(await read(company, 'inventory')).toMatchObject({ changed: 1, sent: 1 })
    expect((await quantities(company))['VT1 K1']).toBe(5)
    expect(await company.writes()).toEqual({ 'POST /api/v2/Stocks/product_ledger': 2 })
  })

  it('ST3 a person may say that much is gone; an empty listing is not believed even then', async () => {
    const company = await openLive()
    await aMinuteLater(company)
    await company.create('accounting', 'InventoryItems', item('VT3'))
    await company.settle()
    for (const stock of ['K1', 'K2']) await setBalance(company, 'VT3', stock, 6)
    await read(company, 'inventory')
    await company.forget()
    await goWrong(company, always('empty'))
    expect(await read(company, 'inventory', true)).toMatchObject({ sent: 0, state: { held: { missing: 6 } } })
    await goWrong(company, stale)
    expect(await read(company, 'inventory')).toMatchObject({ sent: 0, state: { held: { missing: 2, known: 6 } } })
    expect(await company.writes()).toEqual({})
    expect((await read(company, 'inventory', true)).state.held).toBeUndefined()
    expect(await quantities(company)).toEqual({ ...known, 'VT3 K1': 0, 'VT3 K2': 0 })
    expect(await company.writes()).toEqual({ 'POST /api/v2/Stocks/product_ledger': 1 })
  })
})

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
  { timeout: 30_000 },
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

it('ST2 a product without stock is known; ST3 what is held is said', { timeout: 30_000 }, async () => {
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
