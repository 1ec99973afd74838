import { describe, expect, it } from 'vitest'
import { pictureOf } from '../cli/commands/flow.ts'
import { checkTenantValue } from '../config/tenant-config.ts'
import { defaultConnectors, defaultPlugins } from '../config/runner-config.ts'
import { requirePackages } from '../plugins/load-packages.ts'
import { formatVersion } from '../cli/cli-context.ts'
import { flowDocument, flowDocumentSchema, flowJsonSchema } from './flow-document.ts'
import { flowLayout } from './flow-layout.ts'
import { flowMermaid } from './flow-mermaid.ts'
import { sizes } from './flow-shapes.ts'
import { flowSvg } from './flow-svg.ts'
import { arrowTexts } from './flow-text.ts'
import { textWidth } from './text-width.ts'

/** The demo company's tenant file, as `npm start` writes it. */
const demo = {
  tenant: 'demo',
  name: 'Công ty Cổ phần Thương mại An Phát (demo)',
  connections: {
    system: { connector: 'amis-system', baseUrl: 'http://127.0.0.1:9', clientId: 'demo', clientSecret: 'x' },
    crm: { connector: 'amis-crm', baseUrl: 'http://127.0.0.1:9', clientId: 'demo', clientSecret: 'x' },
    accounting: {
      connector: 'amis-accounting',
      baseUrl: 'http://127.0.0.1:9',
      appId: 'demo',
      accessCode: 'x',
      orgCompanyCode: 'demo',
    },
  },
}

async function draw(more: object = {}, plugins: readonly string[] = [], off: readonly string[] = []) {
  const loaded = await requirePackages({
    plugins: [...defaultPlugins, ...plugins],
    connectors: [...defaultConnectors],
    directory: import.meta.dirname,
  })
  const { value, problems } = await checkTenantValue({ ...demo, ...more }, loaded)
  if (!value) throw new Error(JSON.stringify(problems))
  return pictureOf(value, loaded, off)
}

const thirteenth = '../plugins/fixtures/complaint.ts'
const few = {
  entities: Object.fromEntries(['employee', 'quote', 'invoice-request'].map((id) => [id, { enabled: false }])),
}

it('docs/flow-vi.svg and docs/flow-en.svg show the demo company: npx vitest run --project runner src/flow -u', async () => {
  const picture = await draw()
  await expect(flowSvg(demo.name, picture, 'vi')).toMatchFileSnapshot('../../../../docs/flow-vi.svg')
  await expect(flowSvg(demo.name, picture, 'en')).toMatchFileSnapshot('../../../../docs/flow-en.svg')
})

it('docs/schema/flow.schema.json is the form of the JSON document, and the document has it', async () => {
  const text = `${JSON.stringify(flowJsonSchema(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../../../docs/schema/flow.schema.json')
  for (const picture of [await draw(), await draw(few, [thirteenth])]) {
    const document = { formatVersion, ...flowDocument('demo', picture) }
    expect(flowDocumentSchema.parse(document)).toEqual(document)
  }
})

interface Area {
  readonly what: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const overlaps = (a: Area, b: Area) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

describe.each(['vi', 'en'] as const)('in %s', (language) => {
  it.each([
    ['with everything', {}, [], []],
    ['with a thirteenth entity type that nobody knows', {}, [thirteenth], []],
    ['with few', few, [], ['price-policy']],
    ['with contracts', { salesOrders: { recordAs: 'contract' } }, [], []],
  ])('%s: no text lies on another, on a box or outside', async (_what, more, plugins, off) => {
    const layout = flowLayout(await draw(more, plugins, off), language, 100)
    const text = (at: { x: number; y: number; text: string }, size: number, anchor: 'middle' | 'end'): Area => {
      const width = textWidth(at.text, size, true)
      const left = anchor === 'middle' ? at.x - width / 2 : at.x - width
      return { what: at.text, left, right: left + width, top: at.y - size * 0.8, bottom: at.y + size * 0.2 }
    }
    const boxes = layout.cells.map(({ x, y, width, height, entity }): Area => {
      return { what: entity.id, left: x, right: x + width, top: y, bottom: y + height }
    })
    const lines = layout.lanes.map(({ from, to, y, arrow }): Area => {
      const [left, right] = [Math.min(from, to), Math.max(from, to)]
      return { what: `${arrow.from.entity} ${arrow.kind}`, left, right, top: y - 3, bottom: y + 3 }
    })
    const free = [
      ...layout.lanes.flatMap(({ texts }) => texts.map((one) => text(one, sizes.note, 'middle'))),
      ...layout.arcs.map(({ label }) => text(label, sizes.note, 'end')),
    ]
    const faults = free.flatMap((one, index) =>
      [...free.slice(index + 1), ...boxes, ...lines]
        .filter((other) => overlaps(one, other))
        .map((other) => [one, other]),
    )
    expect(faults).toEqual([])
    for (const cell of layout.cells) {
      for (const name of cell.names) {
        const area = text(name, sizes.name, 'middle')
        expect(area.left, name.text).toBeGreaterThanOrEqual(cell.x)
        expect(area.right, name.text).toBeLessThanOrEqual(cell.x + cell.width)
        expect([area.top >= cell.y, area.bottom <= cell.y + cell.height], name.text).toEqual([true, true])
      }
    }
    for (const one of [...free, ...boxes, ...lines]) {
      expect(one.left, one.what).toBeGreaterThanOrEqual(0)
      expect([one.right <= layout.width, one.bottom <= layout.height], one.what).toEqual([true, true])
    }
  })

  it('the thirteenth has its row, its arrows and its words', async () => {
    const picture = await draw({}, [thirteenth])
    const mine = picture.arrows.filter(({ to }) => to.entity === 'complaint')
    expect(mine.map(({ kind, from }) => `${kind} ${from.system}:${from.entity}`)).toEqual([
      'made-from crm:sales-order',
      'taken-over crm:complaint',
      'updated-automatically crm:complaint',
      'updated-back accounting:complaint',
    ])
    const label = picture.entities.find(({ id }) => id === 'complaint')!.labels[language]
    expect(flowSvg('x', picture, language)).toContain(label.split(' ')[0])
    expect(flowMermaid(picture, language)).toContain(`["${label}"]`)
  })

  it('the SVG is well formed whatever the names are, tells every arrow as a sentence, and knows light and dark', async () => {
    const picture = await draw()
    const svg = flowSvg('A & B <c> "d" \u0007', picture, language)
    expect(svg).toContain('A &amp; B &lt;c&gt; &quot;d&quot; </title>')
    expect(svg.match(/<title>/g)).toHaveLength(picture.arrows.length)
    for (const { name } of Object.values(arrowTexts)) expect(svg).toContain(`>${name[language]}</text>`)
    expect(svg).toMatch(/prefers-color-scheme: dark/)
    const open = [...svg.matchAll(/<(\/?)(svg|g|text|tspan|title|desc|style)\b/g)]
    const stack: string[] = []
    for (const [, slash, tag] of open) {
      if (slash === '') stack.push(tag!)
      else expect(stack.pop()).toBe(tag)
    }
    expect(stack).toEqual([])
  })

  it('nothing is synced: the picture says so', async () => {
    const ids = (await draw()).entities.map(({ id }) => [id, { enabled: false }])
    const picture = await draw({ entities: Object.fromEntries(ids) })
    expect(flowSvg('x', picture, language)).toContain(language === 'vi' ? 'Không có dữ liệu' : 'Nothing is synced')
    expect(flowMermaid(picture, language)).toBe('flowchart LR')
  })
})
