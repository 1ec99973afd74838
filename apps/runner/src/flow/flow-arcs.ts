import type { FlowArrow, FlowPicture } from '@amis-sync/engine'
import type { Language } from '../cli/language.ts'
import { type Arc, type Cell, sizes } from './flow-shapes.ts'
import { arrowTexts, inLanguage } from './flow-text.ts'
import { textWidth } from './text-width.ts'

const innermost = 36

/** How deep each arc lies: one that spans rows of another passes outside of it and of its label. */
function depthsOf({ entities, arrows }: FlowPicture): ReadonlyMap<FlowArrow, number> {
  const row = (id: string) => entities.findIndex((entity) => entity.id === id)
  const spans = arrows
    .filter(({ kind }) => kind === 'made-from')
    .map((arrow) => {
      const ends = [row(arrow.from.entity), row(arrow.to.entity)]
      return { arrow, top: Math.min(...ends), bottom: Math.max(...ends) }
    })
    .toSorted((a, b) => a.bottom - a.top - (b.bottom - b.top))
  const depths = new Map<FlowArrow, number>()
  for (const { arrow, top, bottom } of spans) {
    const inside = spans.filter(
      (one) =>
        one.arrow.from.system === arrow.from.system && one.top < bottom && top < one.bottom && depths.has(one.arrow),
    )
    depths.set(arrow, Math.max(-1, ...inside.map((one) => depths.get(one.arrow)!)) + 1)
  }
  return depths
}

function labelWidth(language: Language): number {
  return textWidth(inLanguage(arrowTexts['made-from'].name, language), sizes.note, true)
}

/** How far left of its column an arc of this depth reaches. */
function reach(depth: number, language: Language): number {
  return innermost + depth * (labelWidth(language) + 18)
}

/** The room that a column's arcs and their labels take at its left. */
export function arcRoom(picture: FlowPicture, system: string, language: Language): number {
  const depths = [...depthsOf(picture)].filter(([{ from }]) => from.system === system).map(([, depth]) => depth)
  return depths.length === 0 ? 0 : reach(Math.max(...depths), language) + labelWidth(language) + 24
}

/** The arrows "made from": left of their column, from document to document. */
export function arcsOf(picture: FlowPicture, language: Language, cells: readonly Cell[]): Arc[] {
  const cellAt = ({ system, entity }: FlowArrow['from']) =>
    cells.find((cell) => cell.system === system && cell.entity.id === entity)
  const text = inLanguage(arrowTexts['made-from'].name, language)
  return [...depthsOf(picture)].flatMap(([arrow, depth]) => {
    const [source, target] = [cellAt(arrow.from), cellAt(arrow.to)]
    if (!source || !target) return []
    const down = source.y < target.y
    const from = source.y + source.height * (down ? 0.72 : 0.28)
    const to = target.y + target.height * (down ? 0.28 : 0.72)
    const left = reach(depth, language)
    const label = { x: source.x - left - 8, y: (from + to) / 2 + 4, text }
    return [{ arrow, x: source.x, from, to, reach: left, label }]
  })
}
