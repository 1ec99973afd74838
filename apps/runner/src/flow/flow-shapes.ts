import type { FlowArrow, FlowEntity } from '@amis-sync/engine'

/** Sizes of the drawing, in pixels at its own scale. */
export const sizes = {
  margin: 28,
  cell: 178,
  /** Between two columns that arrows connect. */
  gap: 330,
  /** Between two columns that none does. */
  narrowGap: 130,
  name: 14,
  note: 12,
  line: 15,
  head: 10,
} as const

export interface Text {
  readonly x: number
  readonly y: number
  readonly text: string
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Column extends Box {
  readonly names: readonly Text[]
}

export interface Cell extends Box {
  readonly entity: FlowEntity
  readonly system: string
  readonly names: readonly Text[]
  readonly notes: readonly Text[]
}

/** An arrow from one system to another, with what it says above it. The first line begins with its kind. */
export interface Lane {
  readonly arrow: FlowArrow
  readonly from: number
  readonly to: number
  readonly y: number
  readonly texts: readonly Text[]
}

/** An arrow from one document to another in one system, left of the column. */
export interface Arc {
  readonly arrow: FlowArrow
  readonly x: number
  readonly from: number
  readonly to: number
  /** How far left of `x` it goes. */
  readonly reach: number
  readonly label: Text
}
