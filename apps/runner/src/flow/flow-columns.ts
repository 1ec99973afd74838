import type { FlowPicture } from '@amis-sync/engine'
import type { Language } from '../cli/language.ts'
import { arcRoom } from './flow-arcs.ts'
import { type Column, sizes } from './flow-shapes.ts'
import { systemName } from './flow-text.ts'
import { wrapText } from './text-width.ts'

/** Columns that arrows connect stand far enough apart for what the arrows say. */
export function columnsAt(
  picture: FlowPicture,
  language: Language,
): { xs: ReadonlyMap<string, number>; right: number } {
  const { systems, arrows } = picture
  const xs = new Map<string, number>()
  const room = (system: string) => arcRoom(picture, system, language)
  let x = Math.max(sizes.margin, room(systems[0]?.id ?? ''))
  let right = x
  for (const [index, { id }] of systems.entries()) {
    xs.set(id, x)
    right = x + sizes.cell
    const next = systems[index + 1]?.id
    const connected = arrows.some(
      ({ from, to }) => (from.system === id && to.system === next) || (from.system === next && to.system === id),
    )
    x = right + Math.max(connected ? sizes.gap : sizes.narrowGap, room(next ?? ''))
  }
  return { xs, right }
}

/** The heads of the columns, as high as the longest name. */
export function columnsOf(
  picture: FlowPicture,
  language: Language,
  xs: ReadonlyMap<string, number>,
  top: number,
): Column[] {
  const named = picture.systems.map(({ id }) => {
    // What stands in brackets stays together.
    const name = systemName(picture, id, language).replace(/\(.*\)/, (part) => part.replaceAll(' ', '\u00a0'))
    return { x: xs.get(id)!, lines: wrapText(name, { width: sizes.cell - 16, size: 15, bold: true, lines: 2 }) }
  })
  const height = 22 + 18 * Math.max(1, ...named.map(({ lines }) => lines.length))
  return named.map(({ x, lines }) => {
    const start = top + (height - lines.length * 18) / 2 + 14
    const names = lines.map((text, index) => ({ x: x + sizes.cell / 2, y: start + index * 18, text }))
    return { x, y: top, width: sizes.cell, height, names }
  })
}
