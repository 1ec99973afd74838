import { describe, expect, it } from 'vitest'
import type { AnyRow, Company } from './company.ts'
import { known, live, openLive, openStocked, quantities, read, setBalance } from './stocked.ts'
import { goWrong, item } from './trouble.ts'

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

  it('ST3 a failed or cut answer changes nothing and is shown', { timeout: 90_000 }, async () => {
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
