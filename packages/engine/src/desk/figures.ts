import type { FigureReport } from '../flow/figures.ts'
import type { DeskHost } from './desk-host.ts'

export interface FigureRequest {
  readonly entity: string
  /** What two complete snapshots in a row do not show is gone, however much it is (ST3). */
  readonly confirmMissing?: boolean
}

/** Reads the figures of an entity now and tells the other side what changed. */
export function readFigures(host: DeskHost, { entity, confirmMissing }: FigureRequest): Promise<FigureReport> {
  return host.figures.readNow(entity, confirmMissing)
}
