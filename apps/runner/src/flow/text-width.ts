/** Widths in em of the sans-serif fonts that browsers take, a little on the wide side. Marks take no place. */
const narrow = /[ijl.,:;'|!()[\]·/\- ]/
const slim = /[frtI"]/
const wide = /[mwMW…→]/
const capital = /\p{Lu}/u

/** About how wide a text is, in the unit of `size`. */
export function textWidth(text: string, size: number, bold = false): number {
  let ems = 0
  for (const character of text.normalize('NFD').replace(/\p{Mn}/gu, '')) {
    if (narrow.test(character)) ems += 0.32
    else if (slim.test(character)) ems += 0.4
    else if (wide.test(character)) ems += 0.9
    else ems += capital.test(character) ? 0.7 : 0.57
  }
  return ems * size * (bold ? 1.07 : 1)
}

export interface WrapOptions {
  readonly width: number
  readonly size: number
  readonly bold?: boolean
  /** What is over ends in "…". */
  readonly lines?: number
}

/** Breaks a text between words so that no line is wider than asked, as far as words allow. */
export function wrapText(text: string, { width, size, bold = false, lines = Infinity }: WrapOptions): string[] {
  const wrapped: string[] = []
  for (const word of text.split(' ')) {
    const last = wrapped.at(-1)
    if (last !== undefined && textWidth(`${last} ${word}`, size, bold) <= width)
      wrapped[wrapped.length - 1] = `${last} ${word}`
    else wrapped.push(word)
  }
  if (wrapped.length <= lines) return wrapped
  const kept = wrapped.slice(0, lines)
  let end = kept[lines - 1]!
  while (end.includes(' ') && textWidth(`${end}, …`, size, bold) > width) end = end.slice(0, end.lastIndexOf(' '))
  // Between two items of a list rather than in one.
  end = end.replace(/[,;:]$/, '')
  return [...kept.slice(0, -1), `${end.includes(', ') ? end.slice(0, end.lastIndexOf(', ')) : end}, …`]
}
