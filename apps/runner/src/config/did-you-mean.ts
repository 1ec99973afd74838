/** Edit distance: insertions, deletions, replacements and swaps of neighbours count one each. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

/** The known word that was most likely meant, if one is near enough: at most a third of its letters wrong, two at least. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '')
  let best: { word: string; share: number } | undefined
  for (const one of known) {
    const distance = editDistance(plain(word), plain(one))
    const share = distance / one.length
    if (distance > Math.max(2, Math.floor(one.length / 3)) || share >= 1) continue
    if (!best || share < best.share) best = { word: one, share }
  }
  return best?.word
}
