import type { Link } from '@amis-sync/core'
import type { Judgement } from './observation.ts'

/** Looks at judgements before they are carried out: a plan collects them, its application lets through what still stands. */
export interface Reviewer {
  /** These are done with: neither judged nor written (again). */
  readonly isOver: (link: Link) => boolean
  /** What is to be carried out in their place, one for each. */
  readonly review: (judgements: readonly Judgement[]) => Promise<readonly Judgement[]>
}
