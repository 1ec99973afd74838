import { z } from 'zod'
import type { SystemId } from '../policy/direction-policy.ts'

/** Which fields name something to a person. */
export interface FigureLabel {
  readonly code: string
  readonly name: string
}

/**
 * What makes an entity a figure: its source shows it as it stands, in one listing of all, and the other side is told what changed. It is
 * never merged and has no link; the records that it refers to must be linked before it is written (contract §4.10, §4.11).
 */
export interface FigureRules {
  readonly from: SystemId
  /** Fields that together name one figure, what it is about first: product and warehouse. References among them are spelled by id. */
  readonly key: readonly string[]
  /** The figures themselves, decimal fields. All of them are 0 when the source shows the record no more. */
  readonly values: readonly string[]
  /** The field that says since when they stand so: the server's time of the snapshot that showed them first. */
  readonly time: string
  /** What a figure is about, and where it stands: a product in a warehouse, a customer at a branch. */
  readonly subject: FigureLabel
  readonly place: FigureLabel
  /** The field that names the unit of measure. */
  readonly unit?: string
}

/** The tenant file's section of a figure plugin. */
export const figureSettings = z.strictObject({
  refreshSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('How often all figures are read, in seconds; a reading that takes long makes the pauses longer'),
})
