import type { PluginView } from '../pure/plugin-view.ts'
import type { Candidates } from './complete.ts'
import type { Group } from './observation.ts'
import type { References } from './references.ts'
import type { TenantContext } from './tenant-context.ts'

/** Everything a judgement needs besides the group. */
export interface Bench {
  readonly context: TenantContext
  readonly view: PluginView
  readonly references: References
  readonly candidates: ReadonlyMap<Group, Candidates>
  readonly step?: number
}
