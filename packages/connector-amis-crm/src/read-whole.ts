import type { CrmApi, RowsAnswer } from './api.ts'
import type { Resource } from './resources.ts'
import { looksNeeded } from './walk.ts'

export type Query = Readonly<Record<string, string | number | boolean>>

/** One answer that should hold the whole list; an empty one is believed when the total says so, or when it is given again. */
export async function readWhole(api: CrmApi, resource: Resource, query?: Query): Promise<RowsAnswer> {
  let answer = await api.rows(resource.path, query)
  for (let looks = 1; answer.rows.length === 0 && answer.total !== 0 && looks < looksNeeded(answer.doubtful); looks++) {
    answer = await api.rows(resource.path, query)
  }
  return answer
}
