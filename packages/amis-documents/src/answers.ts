import type { Canonical } from '@amis-sync/core'

/**
 * An answer of Accounting names the request that it answers: `refused:2`. So a second refusal is news even though the text in the CRM
 * is the same. Without a request counter it is the bare name.
 */
export function answerTo(name: string, requestSeq: unknown): string {
  const seq = Number(requestSeq ?? 0)
  return seq > 0 ? `${name}:${seq}` : name
}

/** The name in an answer; `undefined` = none of `names`. */
export function answerIn<T extends string>(names: Readonly<Record<T, unknown>>, answer: unknown): T | undefined {
  const name = typeof answer === 'string' ? answer.split(':')[0] : undefined
  return name !== undefined && name in names ? (name as T) : undefined
}

/** An answer to an older request than the CRM's present one is no news: the newer request is still under way. */
export function isOlder(state: Canonical, crm: Canonical | undefined): boolean {
  const [a, b] = [state.requestSeq, crm?.requestSeq]
  return typeof a === 'number' && typeof b === 'number' && a < b
}
