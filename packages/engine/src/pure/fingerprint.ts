import type { Failure, Message, SystemId } from '@amis-sync/core'
import { shortId } from './short-id.ts'

/** What failures that are "the same" have in common. */
export interface Fingerprint {
  readonly id: string
  readonly entity: string
  /** The system that would be written to. */
  readonly target: SystemId
  readonly code: string
  readonly kind: Failure['kind']
  /** The field as the other side named it, without positions. */
  readonly field?: string
  /** The text with the record's own values taken out. */
  readonly message: Message
}

const quoted = /(["“'‘])[^"”'’]*(["”'’])/g
/** Codes, numbers, dates, ids: whatever holds a digit. */
const token = /[^\s,;:()[\]"“”…]*\d[^\s,;:()[\]"“”…]*/g

/** A text without what differs from record to record. `values`: the record's own code, name, id. */
export function withoutValues(text: string, values: readonly string[]): string {
  const longestFirst = values.filter((value) => value.length > 1).toSorted((a, b) => b.length - a.length)
  const bare = longestFirst.reduce((rest, value) => rest.replaceAll(value, '…'), text)
  return bare
    .replace(quoted, '$1…$2')
    .replace(token, '…')
    .replace(/…(?:\s*…)+/g, '…')
    .trim()
}

/** Positions in lists are no part of a field's name: `detail[2].unit_name` → `detail[].unit_name`. */
export function fieldName(field: string): string {
  return field.replace(/\[\d+\]/g, '[]')
}

export function fingerprintOf(
  entity: string,
  target: SystemId,
  failure: Failure,
  values: readonly string[],
): Fingerprint {
  const field = failure.field === undefined ? undefined : fieldName(failure.field)
  const message = { vi: withoutValues(failure.vi, values), en: withoutValues(failure.en, values) }
  return {
    id: shortId(entity, target, failure.code, field ?? '', message.vi, message.en),
    entity,
    target,
    code: failure.code,
    kind: failure.kind,
    ...(field === undefined ? {} : { field }),
    message,
  }
}
