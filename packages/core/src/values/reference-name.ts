/** Stands in front of a name where a code is meant; no code begins with it. */
const mark = '\u001f'

/** A reference that a side gives by name only (contract §1.4 rule 3): to be resolved by what the registry knows. */
export function byName(name: string): string {
  return `${mark}${name}`
}

/** The name in such a reference; `undefined` = it is a code. */
export function nameIn(value: string): string | undefined {
  return value.startsWith(mark) ? value.slice(mark.length) : undefined
}
