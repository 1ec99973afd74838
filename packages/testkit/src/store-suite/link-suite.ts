import type { Link } from '@amis-sync/core'
import { describe, expect, test } from 'vitest'
import type { StoreUnderTest } from '../store-suite.ts'
import { hostileRow, linkOf, linkedOf, sideOf, sorted } from './samples.ts'

const ids = (links: readonly Link[]): string[] => links.map(({ id }) => id).sort()
const record = (id: string): { resource: string; id: string } => ({ resource: 'Customers', id })

export function describeLinks({ freshTenant }: StoreUnderTest): void {
  describe('links', () => {
    test('a stored link comes back as it was, one revision higher', async () => {
      const { links } = freshTenant()
      const known = { 'a.b': { $gt: 1 }, name: 'An Phát', empty: null, list: [{ sku: 'A', price: '1.50' }] }
      const sides = { crm: sideOf('Customers', '1', { key: 'kh 1', version: '7', known, writtenAt: 4 }) }
      const text = { vi: 'Chờ', en: 'Waits' }
      const trail = [{ at: 5, what: 'hold', why: 'NO_TWIN', from: 'crm', to: 'accounting', fields: ['name'], text }]
      const link = linkOf('l1', { sides, mode: 'order', match: ['crm|taxCode=1'], base: { x: null }, trail })
      expect(await links.save([{ link }])).toEqual(['stored'])
      expect(await links.get(['l1', 'nothing'])).toEqual([{ ...link, revision: 1 }])
    })

    test('hostile names and texts survive', async () => {
      const { links } = freshTenant()
      const known = hostileRow() as never
      const link = linkedOf('h', { base: known, sides: { crm: sideOf('$R.x', '$id', { key: '$k', known }) } })
      await links.save([{ link }])
      await links.save([{ link: { ...link, revision: 1 } }])
      const [found] = await links.findByRecord('customer', 'crm', [{ resource: '$R.x', id: '$id' }])
      expect(JSON.stringify(found?.base)).toBe(JSON.stringify(known))
      expect(JSON.stringify(found?.sides['crm']?.known)).toBe(JSON.stringify(known))
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    })

    test('absent fields stay absent', async () => {
      const { links } = freshTenant()
      const link = linkOf('l', { sides: { crm: { resource: 'Customers', id: '1', known: { a: undefined, b: null } } } })
      await links.save([{ link }])
      expect((await links.get(['l']))[0]).toStrictEqual({
        ...linkOf('l'),
        sides: { crm: { resource: 'Customers', id: '1', known: { b: null } } },
        revision: 1,
      })
    })

    test('compare-and-set: an older revision and a second creation are stale, nothing is stored', async () => {
      const { links } = freshTenant()
      await links.save([{ link: linkOf('a') }, { link: linkOf('b') }])
      const mine = linkOf('a', { mode: 'mine', revision: 1 })
      expect(await links.save([{ link: mine }])).toEqual(['stored'])
      const late = [
        linkOf('a', { mode: 'late', revision: 1 }),
        linkOf('b', { mode: 'in time', revision: 1 }),
        linkOf('a', { mode: 'new' }),
      ]
      expect(await links.save([...late, linkOf('c')].map((link) => ({ link })))).toEqual([
        'stale',
        'stored',
        'stale',
        'stored',
      ])
      const found = await links.get(['a', 'b', 'c'])
      expect(sorted(found.map(({ id, mode, revision }) => [id, mode, revision]))).toEqual([
        ['a', 'mine', 2],
        ['b', 'in time', 2],
        ['c', undefined, 1],
      ])
      expect(await links.save([{ link: linkOf('gone', { revision: 4 }) }])).toEqual(['stale'])
      expect(await links.save([])).toEqual([])
    })

    test('two writers of one revision: one is stored, one is stale', async () => {
      const { links } = freshTenant()
      const names = Array.from({ length: 20 }, (_, index) => `r${index}`)
      await links.save(names.map((id) => ({ link: linkOf(id) })))
      const by = (mode: string) => links.save(names.map((id) => ({ link: linkOf(id, { mode, revision: 1 }) })))
      const [one, two] = await Promise.all([by('one'), by('two')])
      const found = new Map((await links.get(names)).map((link) => [link.id, link]))
      for (const [index, id] of names.entries()) {
        expect(sorted([one[index], two[index]])).toEqual(['stale', 'stored'])
        expect(found.get(id)).toMatchObject({ mode: one[index] === 'stored' ? 'one' : 'two', revision: 2 })
      }
    })

    test('one record of a side is in one link only', async () => {
      const { links } = freshTenant()
      await links.save([{ link: linkedOf('1') }])
      const thief = linkedOf('2', { sides: { ...linkedOf('2').sides, accounting: sideOf('AccountObjects', 'a-1') } })
      expect(await links.save([{ link: thief }, { link: linkedOf('3') }])).toEqual(['stale', 'stored'])
      expect(ids(await links.get(['1', '2', '3']))).toEqual(['1', '3'])
      const other = { ...thief, entity: 'employee' }
      expect(await links.save([{ link: other }])).toEqual(['stored'])
    })

    test('linking removes the twin; a twin that a crash left behind is passed over', async () => {
      const { links } = freshTenant()
      const twin = linkOf('twin', { sides: { accounting: sideOf('AccountObjects', 'a-1', { key: 'KH-1' }) } })
      const stale = linkOf('other', { sides: { accounting: sideOf('AccountObjects', 'a-2', { key: 'KH-2' }) } })
      await links.save([{ link: linkOf('1') }, { link: linkOf('2') }, { link: twin }, { link: stale }])
      const one = linkedOf('1', { revision: 1 })
      expect(await links.save([{ link: one, replaces: 'twin' }, { link: linkedOf('2', { revision: 1 }) }])).toEqual([
        'stored',
        'stored',
      ])
      expect(await links.get(['twin'])).toEqual([])
      const targets = ['a-1', 'a-2'].map((id) => ({ resource: 'AccountObjects', id }))
      expect(ids(await links.findByRecord('customer', 'accounting', targets))).toEqual(['1', '2'])
      expect(ids(await links.findByKey('customer', 'accounting', ['kh-2']))).toEqual(['2'])
      expect(ids(await links.get(['other']))).toEqual(['other'])
    })

    test('a stale link removes no twin, and a linked record is never removed as one', async () => {
      const { links } = freshTenant()
      await links.save([{ link: linkOf('1') }, { link: linkOf('twin') }, { link: linkedOf('linked') }])
      const changes = [
        { link: linkedOf('1', { revision: 9 }), replaces: 'twin' },
        { link: linkOf('new'), replaces: 'linked' },
      ]
      expect(await links.save(changes)).toEqual(['stale', 'stored'])
      expect(ids(await links.get(['twin', 'linked']))).toEqual(['linked', 'twin'])
    })

    test('found by record, by key without regard to case and spaces, by match', async () => {
      const { links } = freshTenant()
      const match = ['crm|taxCode=01', 'crm|code=kh']
      await links.save([{ link: linkOf('1', { match }) }, { link: linkOf('2') }, { link: linkedOf('3') }])
      expect(ids(await links.findByRecord('customer', 'crm', [record('1'), record('3'), record('9')]))).toEqual([
        '1',
        '3',
      ])
      expect(await links.findByRecord('customer', 'accounting', [record('1')])).toEqual([])
      expect(await links.findByRecord('product', 'crm', [record('1')])).toEqual([])
      expect(await links.findByRecord('customer', 'crm', [])).toEqual([])
      expect(ids(await links.findByKey('customer', 'crm', [' kh-1 ', 'KH-2']))).toEqual(['1', '2'])
      expect(await links.findByKey('customer', 'accounting', ['kh-1'])).toEqual([])
      expect(ids(await links.findUnlinked('customer', ['crm|taxCode=01', 'nothing']))).toEqual(['1'])
      await links.save([{ link: linkedOf('1', { revision: 1 }) }])
      expect(await links.findUnlinked('customer', match)).toEqual([])
      expect(ids(await links.findByRecord('customer', 'crm', [record('1')]))).toEqual(['1'])
    })

    test('a side may change its record and key', async () => {
      const { links } = freshTenant()
      await links.save([{ link: linkedOf('1') }])
      const sides = { ...linkedOf('1').sides, crm: sideOf('Customers', 'moved', { key: 'NEW' }) }
      await links.save([{ link: linkedOf('1', { sides, revision: 1 }) }])
      expect(await links.findByRecord('customer', 'crm', [record('1')])).toEqual([])
      expect(await links.findByKey('customer', 'crm', ['KH-1'])).toEqual([])
      expect(ids(await links.findByKey('customer', 'crm', ['new']))).toEqual(['1'])
    })

    test('pages in id order, counts', async () => {
      const { links } = freshTenant()
      const accountingOnly = linkOf('b', { sides: { accounting: sideOf('AccountObjects', 'b') } })
      const all = [linkOf('d'), linkedOf('c'), accountingOnly, linkOf('a'), linkOf('x', { entity: 'product' })]
      await links.save(all.map((link) => ({ link })))
      const first = await links.page('customer', { limit: 2 })
      expect(first.map(({ id }) => id)).toEqual(['a', 'b'])
      expect((await links.page('customer', { after: 'b', limit: 9 })).map(({ id }) => id)).toEqual(['c', 'd'])
      expect((await links.page('customer', { limit: 9, only: 'crm' })).map(({ id }) => id)).toEqual(['a', 'd'])
      expect((await links.page('customer', { after: 'a', limit: 9, only: 'crm' })).map(({ id }) => id)).toEqual(['d'])
      expect(await links.counts('customer')).toEqual({ linked: 1, only: { crm: 2, accounting: 1 } })
      expect(await links.counts('nothing')).toEqual({ linked: 0, only: {} })
    })

    test('a tenant sees nothing of another', async () => {
      const [one, two] = [freshTenant(), freshTenant()]
      await one.links.save([{ link: linkedOf('1', { match: ['m'] }) }])
      expect(await two.links.get(['1'])).toEqual([])
      expect(await two.links.findByRecord('customer', 'crm', [record('1')])).toEqual([])
      expect(await two.links.findByKey('customer', 'crm', ['KH-1'])).toEqual([])
      expect(await two.links.page('customer', { limit: 9 })).toEqual([])
      expect(await two.links.save([{ link: linkedOf('1') }])).toEqual(['stored'])
      expect(await one.links.counts('customer')).toEqual({ linked: 1, only: {} })
    })
  })
}
