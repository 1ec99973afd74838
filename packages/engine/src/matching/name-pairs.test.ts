import { readFileSync } from 'node:fs'
import type { Matching } from '@amis-sync/core'
import { expect, it } from 'vitest'
import { compareRecords } from './compare-records.ts'
import { type LabelledPair, makeNamePairs } from './name-pairs.fixture.ts'
import { readRecord } from './read-record.ts'

/** Least precision of the automatic band; least share of the same parties that it, or a question, finds. */
const leastPrecision = 0.999
const leastLinked = 0.4
const leastFound = 0.9

const matching: Matching = {
  fields: [
    { field: 'taxCode', as: 'taxCode' },
    { field: 'name', as: 'partyName' },
    { field: 'phone', as: 'phone' },
    { field: 'address', as: 'address' },
  ],
}
const pairs = readFileSync(new URL('name-pairs.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as LabelledPair)
const judged = pairs.map((pair) => ({
  ...pair,
  band: compareRecords(readRecord(matching, { ...pair.a }), readRecord(matching, { ...pair.b })).band,
}))

it('the pairs are those of the rules and the seed', async () => {
  const lines = makeNamePairs(20_261_124, 100).map((pair) => JSON.stringify(pair))
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('name-pairs.jsonl')
  expect(pairs.length).toBeGreaterThanOrEqual(2_000)
  expect(pairs.filter(({ same }) => same)).toHaveLength(pairs.length / 2)
})

it('precision and recall by band hold, and are those of docs/matching.md', async () => {
  const same = judged.filter((pair) => pair.same).length
  const of = (band: string) => judged.filter((pair) => pair.band === band)
  const right = (band: string) => of(band).filter((pair) => pair.same).length
  const rows = (['link', 'ask', 'separate'] as const).map((band) => {
    const share = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(4))
    return `| ${band} | ${of(band).length} | ${right(band)} | ${share(right(band), of(band).length)} | ${share(right(band), same)} |`
  })
  const table = [
    '| band | pairs | the same party | precision | recall |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
  const kinds = [...Map.groupBy(judged, ({ kind }) => kind)].map(([kind, ones]) => {
    const count = (band: string) => ones.filter((one) => one.band === band).length
    return `| ${kind} | ${ones[0]!.same ? 'yes' : 'no'} | ${count('link')} | ${count('ask')} | ${count('separate')} |`
  })
  console.info(`${table}\n${kinds.join('\n')}`)
  const wrong = of('link').filter((pair) => !pair.same)
  const named = wrong.map(({ kind, a, b }) => `${kind}: ${a.name} / ${b.name}`)
  expect(right('link') / of('link').length, named.join('\n')).toBeGreaterThanOrEqual(leastPrecision)
  expect(right('link') / same).toBeGreaterThanOrEqual(leastLinked)
  expect((right('link') + right('ask')) / same).toBeGreaterThanOrEqual(leastFound)
  const page = readFileSync(new URL('../../../../docs/matching.md', import.meta.url), 'utf8')
  const tight = (text: string) => text.replaceAll(/ *\| */g, '|').replaceAll(/-{2,}/g, '---')
  expect(tight(page)).toContain(tight(table))
})
