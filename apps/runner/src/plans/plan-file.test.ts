import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PlanHeader, type PlanItem, chainSum, headerSum } from '@amis-sync/engine'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkPlanFile, planFileItems, writePlanFile } from './plan-file.ts'

const item = (number: number): PlanItem => ({
  id: `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`,
  entity: 'customer',
  from: 'crm',
  to: 'accounting',
  resource: 'Customers',
  recordId: String(number),
  key: `KH${number}`,
  name: `Công ty ${number}`,
  action: 'create',
  reason: { code: 'TRIGGERED', vi: 'Được yêu cầu', en: 'Asked for' },
  versions: { crm: '2026-11-24T22:05:39.888+07:00' },
  print: '0123456789abcdef0123456789abcdef',
})

function headerOf(items: readonly PlanItem[]): PlanHeader {
  return {
    format: 'amis-sync-plan',
    formatVersion: 1,
    plan: 'p1',
    tenant: 'acme',
    mode: 'first-sync',
    scope: { step: 2 },
    stepsBefore: [1],
    settings: { convertedFrom: 'none', enabled: ['customer'], options: {}, conflicts: {} },
    settingsPrint: '0123456789abcdef0123456789abcdef',
    computedAt: 1,
    items: items.length,
    counts: [],
    duplicates: [],
    requests: [{ system: 'crm', reads: 1, writes: 0 }],
    seconds: { least: 0, most: 1 },
    samples: items.slice(0, 1),
    sum: items.reduce(chainSum, ''),
  }
}

async function* pagesOf(items: readonly PlanItem[]) {
  for (let at = 0; at < items.length; at += 2) yield items.slice(at, at + 2)
}

let folder: string
let path: string
const items = Array.from({ length: 1003 }, (_, number) => item(number + 1))
const header = headerOf(items)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amis-sync-plan-'))
  path = join(folder, 'plan.jsonl')
  await writePlanFile(path, header, pagesOf(items))
})

/** The file with its lines changed. */
async function edited(change: (lines: string[]) => readonly string[]): Promise<string> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  const other = join(folder, 'other.jsonl')
  await writeFile(other, change(lines).join('\n'))
  return other
}

const swapped = (lines: readonly string[], line: number, from: string | RegExp, to: string) =>
  lines.with(line - 1, lines[line - 1]!.replace(from, to))

describe('a plan file', () => {
  it('is read as it was written, and nothing else is left in the folder', async () => {
    expect(await checkPlanFile(path)).toEqual(header)
    const read: PlanItem[] = []
    for await (const some of planFileItems(path)) read.push(...some)
    expect(read).toEqual(items)
    expect(await readdir(folder)).toEqual(['plan.jsonl'])
  })

  it('of nothing is a plan, too', async () => {
    await writePlanFile(path, headerOf([]), pagesOf([]))
    expect((await checkPlanFile(path)).items).toBe(0)
  })

  it('that cannot be written leaves nothing', async () => {
    async function* failing() {
      yield [item(1)]
      throw new Error('store away')
    }
    await expect(writePlanFile(join(folder, 'x.jsonl'), header, failing())).rejects.toThrow('store away')
    expect(await readdir(folder)).toEqual(['plan.jsonl'])
  })

  it.each<[string, (lines: string[]) => readonly string[], number, string]>([
    ['empty', () => [], 0, 'cut off'],
    ['without its end', (lines) => lines.slice(0, -1), 1004, 'cut off'],
    ['cut in a line', (lines) => [...lines.slice(0, 9), lines[9]!.slice(0, 50)], 10, 'no JSON object'],
    ['not JSON', () => ['hello'], 1, 'no JSON object'],
    ['a list', () => ['[]'], 1, 'no JSON object'],
    ['another JSON', () => ['{"tenant":"acme"}'], 1, 'no plan of amis-sync'],
    ['of another version', (lines) => swapped(lines, 1, '"formatVersion":1', '"formatVersion":2'), 1, 'version 2'],
    ['with another tenant', (lines) => swapped(lines, 1, '"tenant":"acme"', '"tenant":"other"'), 1, 'changed'],
    ['with a changed action', (lines) => swapped(lines, 7, '"action":"create"', '"action":"link"'), 7, 'changed'],
    [
      'with an action that there is not',
      (lines) => swapped(lines, 7, '"action":"create"', '"action":"drop"'),
      7,
      'action',
    ],
    ['with more in it', (lines) => swapped(lines, 7, '{"item":{', '{"item":{"extra":1,'), 7, 'extra'],
    ['with a line taken out', (lines) => lines.toSpliced(4, 1), 5, 'changed'],
    ['with a line twice', (lines) => lines.toSpliced(4, 0, lines[4]!), 6, 'changed'],
    ['with lines moved', (lines) => lines.with(4, lines[5]!).with(5, lines[4]!), 5, 'changed'],
    ['with the last record taken out', (lines) => lines.toSpliced(-2, 1), 1004, 'not those of its first line'],
    ['with something behind it', (lines) => [...lines, lines[1]!], 1006, 'behind the end'],
    ['with a line that is too long', (lines) => [lines[0]!, 'x'.repeat(3_000_000)], 2, 'too long'],
  ])('%s is refused with its line and what to do', async (_name, change, line, text) => {
    const other = await edited(change)
    await expect(checkPlanFile(other)).rejects.toMatchObject({
      code: 'PLAN_FILE_INVALID',
      text: { en: expect.stringMatching(new RegExp(`other\\.jsonl:${line}: .*${text}.*Export the file again`)) },
    })
  })

  it('that is not there is told as such', async () => {
    await expect(checkPlanFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'PLAN_FILE_UNREADABLE' })
    await expect(checkPlanFile(folder)).rejects.toMatchObject({ code: 'PLAN_FILE_UNREADABLE' })
  })

  it('that somebody made up may say what it wants: its sums are right, its form is checked', async () => {
    const forged = { ...header, tenant: '__proto__' } as PlanHeader
    const other = await edited((lines) => lines.with(0, JSON.stringify({ header: forged, sum: headerSum(forged) })))
    await expect(checkPlanFile(other)).rejects.toMatchObject({ text: { en: expect.stringContaining('"tenant"') } })
  })
})
