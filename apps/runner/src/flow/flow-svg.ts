import type { FlowArrowKind, FlowPicture } from '@amis-sync/engine'
import { translator } from '../cli/language.ts'
import type { Language } from '../cli/language.ts'
import { type FlowLayout, flowLayout } from './flow-layout.ts'
import { type Arc, type Cell, type Lane, sizes } from './flow-shapes.ts'
import { flowStyle } from './flow-style.ts'
import { arrowSentence, arrowTexts, inLanguage } from './flow-text.ts'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text that is safe in XML: markup is escaped, control characters, which XML refuses, are left out. */
function xml(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '').replace(/[&<>"]/g, (one) => escapes[one]!)
}

const round = (value: number) => Math.round(value * 10) / 10

function text(at: { readonly x: number; readonly y: number; readonly text: string }, className = ''): string {
  const style = className === '' ? '' : ` class="${className}"`
  return `<text x="${round(at.x)}" y="${round(at.y)}"${style}>${xml(at.text)}</text>`
}

function tip(x: number, y: number, right: boolean): string {
  const back = right ? x - sizes.head : x + sizes.head
  return `<path class="tip" d="M${round(x)} ${round(y)} L${round(back)} ${round(y - 5.5)} L${round(back)} ${round(y + 5.5)} Z"/>`
}

/** A line with its head; the double line of "updated automatically" is a broad one with a core of paper. */
function stroke(kind: FlowArrowKind, path: string): string {
  const core = kind === 'updated-automatically' ? `<path class="core" d="${path}"/>` : ''
  return `<path class="line" d="${path}"/>${core}`
}

function arrowLine(kind: FlowArrowKind, from: number, to: number, y: number): string {
  const right = from < to
  const start = right ? from + 4 : from - 4
  const end = right ? to - 4 : to + 4
  const path = `M${round(start)} ${round(y)} H${round(right ? end - sizes.head + 1 : end + sizes.head - 1)}`
  return stroke(kind, path) + tip(end, y, right)
}

/** The first line begins with the kind, in the arrow's colour. */
function laneLines(lane: Lane, kind: string): string {
  return lane.texts
    .map((line, index) => {
      if (index > 0 || !line.text.startsWith(kind)) return text(line)
      const rest = xml(line.text.slice(kind.length))
      return `<text x="${round(line.x)}" y="${round(line.y)}"><tspan class="kind">${xml(kind)}</tspan>${rest}</text>`
    })
    .join('')
}

/** Left, along, and back right, with round corners. */
function arcPath({ x, from, to, reach: left }: Arc): string {
  const corner = Math.min(18, Math.abs(to - from) / 2) * Math.sign(to - from)
  const side = round(x - left)
  const turn = round(x - left + Math.abs(corner))
  return [
    `M${round(x - 3)} ${round(from)} H${turn} Q${side} ${round(from)} ${side} ${round(from + corner)}`,
    `V${round(to - corner)} Q${side} ${round(to)} ${turn} ${round(to)} H${round(x - 4 - sizes.head + 1)}`,
  ].join(' ')
}

function cell({ x, y, width, height, names, notes }: Cell): string {
  const box = `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${round(height)}" rx="8"/>`
  return `<g class="cell">${box}${names.map((one) => text(one, 'name')).join('')}${notes.map((one) => text(one, 'mode')).join('')}</g>`
}

const legendItem = 250

/** The four kinds of arrows, what they look like and mean. */
function legend(language: Language, width: number, top: number): { height: number; svg: string } {
  const each = Math.max(1, Math.floor((width - 2 * sizes.margin + 10) / legendItem))
  const kinds = Object.entries(arrowTexts) as [FlowArrowKind, (typeof arrowTexts)[FlowArrowKind]][]
  const items = kinds.map(([kind, { name, meaning }], index) => {
    const x = sizes.margin + (index % each) * legendItem
    const y = top + Math.floor(index / each) * 40
    const line = arrowLine(kind, x - 4, x + 48, y + 12)
    const words = `${text({ x: x + 56, y: y + 10, text: inLanguage(name, language) }, 'kind')}${text({ x: x + 56, y: y + 26, text: inLanguage(meaning, language) }, 'meaning')}`
    return `<g class="${kind}">${line}${words}</g>`
  })
  return { height: Math.ceil(kinds.length / each) * 40, svg: items.join('\n') }
}

function body(picture: FlowPicture, layout: FlowLayout, language: Language): string[] {
  const sentence = (arrow: Lane['arrow']) => `<title>${xml(arrowSentence(picture, arrow, language))}</title>`
  const kindName = (kind: FlowArrowKind) => inLanguage(arrowTexts[kind].name, language)
  return [
    ...layout.columns.map(
      ({ x, y, width, height, names }) =>
        `<g class="column"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>${names.map((one) => text(one)).join('')}</g>`,
    ),
    ...layout.sections.map(
      (one) =>
        `<path class="rule" d="M${sizes.margin} ${round(one.y - 17)} H${round(layout.width - sizes.margin)}"/>${text(one, 'section')}`,
    ),
    ...layout.cells.map(cell),
    ...layout.lanes.map(
      (lane) =>
        `<g class="lane ${lane.arrow.kind}">${sentence(lane.arrow)}${arrowLine(lane.arrow.kind, lane.from, lane.to, lane.y)}${laneLines(lane, kindName(lane.arrow.kind))}</g>`,
    ),
    ...layout.arcs.map(
      (arc) =>
        `<g class="${arc.arrow.kind}">${sentence(arc.arrow)}${stroke(arc.arrow.kind, arcPath(arc))}${tip(arc.x - 4, arc.to, true)}<text class="kind" text-anchor="end" x="${round(arc.label.x)}" y="${round(arc.label.y)}">${xml(arc.label.text)}</text></g>`,
    ),
  ]
}

/**
 * The picture as one SVG file (FL1): a column a system, a row an entity, an arrow for each way that data takes. Colours follow the reader's
 * light or dark setting; who cannot see it is told every arrow as a sentence.
 */
export function flowSvg(company: string, picture: FlowPicture, language: Language): string {
  const t = translator(language)
  const head = t('Luồng nghiệp vụ', 'Business flow')
  const title = `${head} · ${company.normalize('NFC')}`
  const width = flowLayout(picture, language, 0).width
  const key = legend(language, width, 62)
  const layout = flowLayout(picture, language, 62 + key.height + 16)
  const told = picture.arrows.map((arrow) => `${arrowSentence(picture, arrow, language)}.`).join(' ')
  const nothing = t('Không có dữ liệu nào được đồng bộ.', 'Nothing is synced.')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="0 0 ${width} ${round(layout.height)}" width="${width}" height="${round(layout.height)}" role="img" aria-labelledby="flow-title flow-desc" lang="${language}">`,
    `<title id="flow-title">${xml(title)}</title>`,
    `<desc id="flow-desc">${xml(told === '' ? nothing : told)}</desc>`,
    `<style>${flowStyle}</style>`,
    `<rect class="paper" width="${width}" height="${round(layout.height)}" rx="12"/>`,
    text({ x: sizes.margin, y: 40, text: title }, 'title'),
    key.svg,
    ...body(picture, layout, language),
    ...(picture.entities.length === 0
      ? [text({ x: sizes.margin, y: layout.height - 40, text: nothing }, 'muted')]
      : []),
    '</svg>',
    '',
  ].join('\n')
}
