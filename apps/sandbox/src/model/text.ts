/** Form in which codes are compared (§0.2): NFC, trimmed, lower case, no locale. */
export function codeKey(text: string): string {
  return text.normalize('NFC').trim().toLowerCase()
}

/** Tax codes are unique without spaces and hyphens (§1.3). */
export function taxKey(text: string): string {
  return text.replace(/[\s\u00a0-]/g, '').toLowerCase()
}

/** The codes of a `"A;B"` list in its order, empty ones dropped, each as written but trimmed. */
export function splitCodes(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Replaces one code of a `"A;B"` list and leaves every other character as it was. */
export function replaceCode(text: string, key: string, code: string): string {
  return text
    .split(';')
    .map((part) => (codeKey(part) === key ? part.replace(part.trim(), () => code) : part))
    .join(';')
}

/** Characters as a person counts them: code points. */
export function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Order of codes in listings. */
export function compareCodes(a: string, b: string): number {
  const left = codeKey(a)
  const right = codeKey(b)
  return left < right ? -1 : left > right ? 1 : 0
}

/** True if text is a guid in any case. */
export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** Zero-padded decimal text. */
export function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
