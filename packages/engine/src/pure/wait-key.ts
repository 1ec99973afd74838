/** The record that a key of the waiting room names, see core's `waitKey`; `link` = a record whose write is under way. */
export interface WaitingKey {
  readonly entity?: string
  readonly side?: string
  readonly resource?: string
  readonly recordId?: string
  readonly recordKey?: string
  readonly link?: string
}

const linkPrefix = 'link|'

export function parseWaitKey(key: string): WaitingKey {
  if (key.startsWith(linkPrefix)) return { link: key.slice(linkPrefix.length) }
  const [, entity, side, by, rest] = /^([^|]+)\|([^|]+)\|(id|key):(.*)$/s.exec(key) ?? []
  if (entity === undefined || side === undefined || rest === undefined) return {}
  if (by === 'key') return { entity, side, recordKey: rest }
  const slash = rest.indexOf('/')
  return { entity, side, resource: rest.slice(0, slash), recordId: rest.slice(slash + 1) }
}
