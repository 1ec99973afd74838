import type { FlowArrow, FlowEntity, FlowPicture } from '@amis-sync/engine'
import type { Language } from '../cli/language.ts'
import { arcsOf } from './flow-arcs.ts'
import { columnsAt, columnsOf } from './flow-columns.ts'
import { type Arc, type Box, type Cell, type Column, type Lane, type Text, sizes } from './flow-shapes.ts'
import { arrowNote, arrowTexts, inLanguage, modeNote, sectionOf } from './flow-text.ts'
import { wrapText } from './text-width.ts'

export interface FlowLayout {
  readonly width: number
  readonly height: number
  readonly columns: readonly Column[]
  readonly sections: readonly Text[]
  readonly cells: readonly Cell[]
  readonly lanes: readonly Lane[]
  readonly arcs: readonly Arc[]
}

const rowPadding = 14
const smallestRow = 46
const sectionHeight = 34
/** So that a picture of one company without data has room for its legend. */
const smallestWidth = 742
/** Lines of a note before it is cut; the whole sentence is in the arrow's title. */
const mostNoteLines = 4
/** Notes are not wider than this, however long the arrow is. */
const widestNote = 440

/** Where everything stands, below `top`: one column a system, one row an entity, one lane an arrow. */
export function flowLayout(picture: FlowPicture, language: Language, top: number): FlowLayout {
  const { xs, right } = columnsAt(picture, language)
  const columns = columnsOf(picture, language, xs, top)
  const sections: Text[] = []
  const cells: Cell[] = []
  const lanes: Lane[] = []
  let y = top + (columns[0]?.height ?? 0) + 6
  for (const entity of picture.entities) {
    const section = inLanguage(sectionOf(entity), language)
    if (sections.at(-1)?.text !== section) {
      sections.push({ x: sizes.margin, y: y + 22, text: section })
      y += sectionHeight
    }
    const row = rowOf(picture, entity, language, xs, y)
    cells.push(...row.cells)
    lanes.push(...row.lanes)
    y += row.height + rowPadding
  }
  const arcs = arcsOf(picture, language, cells)
  return {
    width: Math.max(right + sizes.margin, smallestWidth),
    height: y + sizes.margin - rowPadding,
    columns,
    sections,
    cells,
    lanes,
    arcs,
  }
}

function rowOf(
  picture: FlowPicture,
  entity: FlowEntity,
  language: Language,
  xs: ReadonlyMap<string, number>,
  top: number,
): { cells: Cell[]; lanes: Lane[]; height: number } {
  const mine = picture.arrows.filter(({ kind, from }) => kind !== 'made-from' && from.entity === entity.id)
  const notes = mine.map((arrow) => {
    const ends = laneEnds(arrow, xs)
    return { arrow, ends, lines: laneText(picture, arrow, language, Math.abs(ends.to - ends.from)) }
  })
  const laneHeight = (lines: readonly string[]) => lines.length * sizes.line + 18
  const lanesHeight = notes.reduce((sum, { lines }) => sum + laneHeight(lines), 0)
  const texts = entity.sides.map((side) => cellText(entity, side, language))
  const textHeight = Math.max(...texts.map(({ names, notes: own }) => names.length * 18 + own.length * 15 + 18))
  const height = Math.max(smallestRow, lanesHeight + 4, textHeight)

  let y = top + (height - lanesHeight) / 2
  const lanes = notes.map(({ arrow, ends, lines }) => {
    const middle = (ends.from + ends.to) / 2
    const own = lines.map((text, index) => ({ x: middle, y: y + 12 + index * sizes.line, text }))
    const at = y + lines.length * sizes.line + 6
    y += laneHeight(lines)
    return { arrow, ...ends, y: at, texts: own }
  })
  const cells = entity.sides.map((side, index): Cell => {
    const box = { x: xs.get(side)!, y: top, width: sizes.cell, height }
    return { ...box, entity, system: side, ...placed(texts[index]!, box) }
  })
  return { cells, lanes, height }
}

function laneEnds({ from, to }: FlowArrow, xs: ReadonlyMap<string, number>): { from: number; to: number } {
  const [a, b] = [xs.get(from.system)!, xs.get(to.system)!]
  return a < b ? { from: a + sizes.cell, to: b } : { from: a, to: b + sizes.cell }
}

function laneText(picture: FlowPicture, arrow: FlowArrow, language: Language, length: number): string[] {
  const kind = inLanguage(arrowTexts[arrow.kind].name, language)
  const note = arrowNote(picture, arrow, language)
  const width = Math.min(length - 32, widestNote)
  return wrapText(note === '' ? kind : `${kind}: ${note}`, {
    width,
    size: sizes.note,
    bold: true,
    lines: mostNoteLines,
  })
}

function cellText(entity: FlowEntity, side: string, language: Language) {
  const mode = modeNote(entity, side, language)
  const width = sizes.cell - 20
  return {
    names: wrapText(inLanguage(entity.labels, language), { width, size: sizes.name, bold: true, lines: 3 }),
    notes: mode === undefined ? [] : wrapText(mode, { width, size: sizes.note, lines: 2 }),
  }
}

/** The texts of a cell, in its middle. */
function placed({ names, notes }: ReturnType<typeof cellText>, box: Box): { names: Text[]; notes: Text[] } {
  const x = box.x + box.width / 2
  const start = box.y + (box.height - names.length * 18 - notes.length * 15) / 2
  return {
    names: names.map((text, index) => ({ x, y: start + 14 + index * 18, text })),
    notes: notes.map((text, index) => ({ x, y: start + names.length * 18 + 12 + index * 15, text })),
  }
}
