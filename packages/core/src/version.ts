/** The version of the plugin API. A plugin's `coreRange` is checked against it. */
export const coreVersion = '1.0.0'

/** Does a caret range (`^1.2.0`) or an exact version admit this one? Other range forms are refused: false. */
export function satisfies(version: string, range: string): boolean {
  const parse = (text: string) =>
    /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number) as [number, number, number] | undefined
  const have = parse(version)
  const want = parse(range.replace(/^\^/, ''))
  if (!have || !want) return false
  if (!range.startsWith('^')) return have.join('.') === want.join('.')
  if (have[0] !== want[0]) return false
  if (want[0] === 0 && have[1] !== want[1]) return false
  return have[1] > want[1] || (have[1] === want[1] && have[2] >= want[2])
}
