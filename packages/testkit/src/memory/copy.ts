/** What a database would give back: JSON data without `undefined`, shared with nobody. */
export function copy<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T)
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function without<T extends object, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  const rest = { ...value }
  for (const name of names) delete rest[name]
  return rest
}
