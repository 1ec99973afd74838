/** How much may be missing from one complete listing and still be believed (D9). More is held until a person confirms it. */
const most = 50
const largestShare = 0.05
/** In small tables a single deletion is a large share. */
const always = 3

/** May so many missing records be concluded to be deleted, of so many that were known? Pure. */
export function fuseHolds(missing: number, known: number): boolean {
  return missing <= Math.min(most, Math.max(always, Math.floor(known * largestShare)))
}
