const whiteSpace = /[\s\u00a0\u202f\u2007\ufeff]+/g

/** Canonical text (contract §4.0): NFC, trimmed, inner white space (no-break space too) folded to one space; empty = null. */
export function normaliseText(value: string): string | null {
  const text = value.normalize('NFC').replace(whiteSpace, ' ').trim()
  return text === '' ? null : text
}

/** What codes are compared by (contract §0.2, §4.0): the text rule, then lower case. The code itself is kept as its owner wrote it. */
export function codeKey(code: string): string {
  return (normaliseText(code) ?? '').toLowerCase()
}

/** A list of codes as the wire has it (`"A; B;"`) to its codes in the owner's order, each once. */
export function splitCodes(list: string): string[] {
  const seen = new Set<string>()
  const codes: string[] = []
  for (const part of list.split(';')) {
    const code = normaliseText(part)
    if (code === null || seen.has(codeKey(code))) continue
    seen.add(codeKey(code))
    codes.push(code)
  }
  return codes
}

/** Spaces and hyphens removed (contract §4.0). 10 digits = company, 13 = dependent unit (another party), 12 = person. */
export function normaliseTaxCode(value: string): string | null {
  const text = normaliseText(value)?.replace(/[\s-]/g, '') ?? ''
  return text === '' ? null : text
}

export function normaliseEmail(value: string): string | null {
  return normaliseText(value)?.toLowerCase() ?? null
}

/** The numbers in a phone field as a sorted set of digits; `+84`/`84` before 9–10 digits = `0` (contract §4.0). For comparing only. */
export function phoneKey(value: string): string {
  const numbers = (normaliseText(value) ?? '')
    .split(/[;,/]| - /)
    .map((part) => part.replace(/\D/g, '').replace(/^84(?=\d{9,10}$)/, '0'))
    .filter((digits) => digits !== '')
  return [...new Set(numbers)].sort().join(';')
}
