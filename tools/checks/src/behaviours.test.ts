import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { behaviourIds, idsOf } from './behaviour-ids.ts'
import { behaviourRows, withTests } from './behaviours-page.ts'
import { testTitles } from './test-titles.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/behaviours.md'), 'utf8')

interface Shown {
  readonly file: string
  readonly titles: readonly string[]
  readonly ids: readonly string[]
}

function testFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => join(folder, name))
}

/** Every test of the repository with the behaviours that its title, or that of a group around it, begins with. */
const tests: readonly Shown[] = ['test', 'apps', 'packages', 'tools'].flatMap(testFiles).flatMap((file) =>
  testTitles(file, readFileSync(join(root, file), 'utf8')).map((titles) => ({
    file: relative(root, join(root, file)),
    titles,
    ids: titles.flatMap(idsOf),
  })),
)

/** Behaviour → files that show it; those that drive the whole product come first. */
function shownBy(): Map<string, string[]> {
  const files = new Map<string, string[]>()
  for (const { file, ids } of tests) {
    for (const id of ids) files.set(id, [...new Set([...(files.get(id) ?? []), file])].toSorted(byWhole))
  }
  return files
}

function byWhole(a: string, b: string): number {
  return Number(!a.startsWith('test/')) - Number(!b.startsWith('test/')) || a.localeCompare(b)
}

describe('docs/behaviours.md', () => {
  const rows = behaviourRows(page)

  it('has every behaviour once, in order, and nothing else', () => {
    expect(rows.map(({ id }) => id)).toEqual(behaviourIds)
  })

  it('says of each whether it is built', () => {
    for (const { id, state } of rows) expect(state, id).toMatch(/^(built|not yet \(issue \d+\))$/)
  })

  it('names the tests that show each: npx vitest run --project checks behaviours -u', async () => {
    await expect(withTests(page, shownBy())).toMatchFileSnapshot('../../../docs/behaviours.md')
  })

  it('what is built has a test that drives the product; what is not yet has none', () => {
    const driven = new Set(tests.filter(({ file }) => file.startsWith('test/')).flatMap(({ ids }) => ids))
    const wrong = rows
      .filter(({ id, state }) => driven.has(id) !== (state === 'built'))
      .map(({ id, state }) => `${id}: ${state}`)
    expect(wrong).toEqual([])
  })
})

it('no title of test/ begins with an id that does not exist', () => {
  const known = new Set(behaviourIds)
  const wrong = tests
    .filter(({ file }) => file.startsWith('test/'))
    .flatMap(({ file, titles, ids }) =>
      ids.filter((id) => !known.has(id)).map((id) => `${id} in ${file}: ${titles.join(' › ')}`),
    )
  expect(wrong).toEqual([])
})

describe('reading titles', () => {
  const read = (source: string) => testTitles('x.test.ts', source)

  it('of tests, groups, chains, templates and rows of each', () => {
    expect(
      read(`
        it('CU1 a', () => {})
        describe('CU2 group', () => { test.concurrent('b', () => {}); for (const x of y) it(\`c \${x}\`, () => {}) })
        it.each([['CU3 row', 1], ['CU4 row', 2]])('%s end', () => {})
        it.each(rows)('D6 where %s wins', () => {})
        describe.each(['x'] as const)('in %s', () => { it("d", () => {}) })
        const it2 = notATest('CU9')
        it.skip('CU8 skipped', () => {})
        describe.skip('CU9 skipped', () => { it('e', () => {}) })
      `),
    ).toEqual([
      ['CU1 a'],
      ['CU2 group', 'b'],
      ['CU2 group', 'c '],
      ['CU3 row end'],
      ['CU4 row end'],
      ['D6 where %s wins'],
      ['in %s', 'd'],
    ])
  })

  it('of a group without tests: none', () => {
    expect(read(`describe('CU5 empty', () => {})`)).toEqual([])
  })

  it.each([
    ['PR1 PG1 the first sync', ['PR1', 'PG1']],
    ['SO4, SO5: figures', ['SO4', 'SO5']],
    ['D2', ['D2']],
    ['QU9 no such', ['QU9']],
    ['of ACT that D4 names', []],
    ['429 is waited for', []],
    ['CRM1x', []],
    ['HTTP404 is told', []],
  ])('ids that "%s" begins with', (title, ids) => expect(idsOf(title)).toEqual(ids))
})
