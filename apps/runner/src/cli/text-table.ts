/** Columns side by side, as wide as their widest cell; figures to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => String(cell).normalize('NFC')))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))))
  const figures = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, widths[column]! - width(cell)))
        return figures[column] ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd()
  const [first, ...others] = cells.map(line)
  return [first, widths.map((one) => '─'.repeat(one)).join('  '), ...others].join('\n')
}

/** How many places a text takes on a terminal: marks take none. */
function width(text: string): number {
  return Array.from(text.replace(/\p{Mn}/gu, '')).length
}
