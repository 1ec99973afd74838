/** One row of docs/behaviours.md. */
export interface BehaviourRow {
  readonly id: string
  readonly state: string
}

const rowPattern = /^\| ([A-Z]{1,3}\d{1,2}) \|(.*)\|$/

/** Cells of a row: what it says, by what it is done, its state, what shows it. */
function cellsOf(line: string): { id: string; cells: string[] } | undefined {
  const match = rowPattern.exec(line)
  return match ? { id: match[1]!, cells: match[2]!.split('|').map((cell) => cell.trim()) } : undefined
}

/** The rows of the page, in their order. */
export function behaviourRows(page: string): BehaviourRow[] {
  return page.split('\n').flatMap((line) => {
    const row = cellsOf(line)
    return row ? [{ id: row.id, state: row.cells[2] ?? '' }] : []
  })
}

/** The page with its last column filled in: the test files that show each behaviour, as links from docs/. */
export function withTests(page: string, files: ReadonlyMap<string, readonly string[]>): string {
  const link = (file: string) =>
    `[${file
      .split('/')
      .at(-1)!
      .replace(/\.test\.ts$/, '')}](../${file})`
  return page
    .split('\n')
    .map((line) => {
      const row = cellsOf(line)
      if (!row) return line
      const shown = (files.get(row.id) ?? []).map(link).join(', ')
      return `| ${[row.id, ...row.cells.slice(0, 3), shown === '' ? '–' : shown].join(' | ')} |`
    })
    .join('\n')
}
