/**
 * Leaves out as much as can be left out while it still fails: halves, quarters … single steps, again until nothing more goes. Each try is
 * one run, so their number is bounded; `enough` may end it earlier.
 */
export async function shrink<T>(
  steps: readonly T[],
  fails: (steps: readonly T[]) => Promise<boolean>,
  { mostTries = 400, enough = () => false }: { readonly mostTries?: number; readonly enough?: () => boolean } = {},
): Promise<readonly T[]> {
  let left = steps
  let tries = 0
  const more = (): boolean => tries < mostTries && !enough()
  let size = Math.ceil(left.length / 2)
  while (size >= 1 && more()) {
    let removed = false
    for (let start = 0; start < left.length && more();) {
      const without = [...left.slice(0, start), ...left.slice(start + size)]
      tries += 1
      if (await fails(without)) {
        left = without
        removed = true
      } else start += size
    }
    if (size > 1 || !removed) size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return left
}
