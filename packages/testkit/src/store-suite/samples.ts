import type { Failure, JournalEntry, Link, LinkSide, WorkHint, WorkItem, WorkStore } from '@amis-sync/core'
import { workId } from '@amis-sync/core'

/** Names and texts that a hostile server may send; they must come back as they were. */
export function hostileRow(): Record<string, unknown> {
  const text = `{
    "$set": { "tenant": "other" }, "$where": "1", "a.b": { "c.$d": [1, { "$ref": "x", "$id": "y", "$db": "z" }] }, "": "empty name",
    "__proto__": { "polluted": true }, "constructor": { "prototype": 1 }, "toBSON": 1, "toJSON": "text", "_bsontype": "ObjectId",
    "_id": "mine", "tenant": "other", "nul\\u0000name": "nul\\u0000text", "emoji": "\\ud83d\\ude00", "lone": "\\ud83d", "big": 9007199254740991,
    "minusDecimal": "-0.10", "deep": ${'{"x":'.repeat(60)}null${'}'.repeat(60)}, "text": "$field", "list": [null, [], {}]
  }`
  return JSON.parse(text) as Record<string, unknown>
}

export function sideOf(resource: string, id: string, more: Partial<LinkSide> = {}): LinkSide {
  return { resource, id, ...more }
}

export function linkOf(id: string, more: Partial<Link> = {}): Link {
  const sides = { crm: sideOf('Customers', id, { key: `KH-${id}` }) }
  return { id, entity: 'customer', sides, linked: false, trail: [], revision: 0, ...more }
}

/** Linked with the accounting record of the same id. */
export function linkedOf(id: string, more: Partial<Link> = {}): Link {
  const accounting = sideOf('AccountObjects', `a-${id}`, { key: `KH-${id}` })
  return linkOf(id, { sides: { ...linkOf(id).sides, accounting }, linked: true, base: { code: `KH-${id}` }, ...more })
}

export function hintOf(recordId: string, more: Partial<WorkHint> = {}): WorkHint {
  return { entity: 'customer', side: 'crm', resource: 'Customers', recordId, ...more }
}

export async function itemOf(work: WorkStore, hint: WorkHint): Promise<WorkItem | undefined> {
  return (await work.find([workId(hint)]))[0]
}

export function failureOf(code: string): Failure {
  return { code, kind: 'recordRejected', vi: 'Bị từ chối.', en: 'Refused.' }
}

export function entryOf(id: string, more: Partial<JournalEntry> = {}): JournalEntry {
  const write = {
    opId: id,
    resource: 'AccountObjects',
    operation: 'update',
    id: `a-${id}`,
    row: { Name: 'An Phát' },
  } as const
  const key = { entity: 'customer', side: 'crm', resource: 'Customers', recordId: id }
  const work = [{ id: workId(key), hintRevision: 1, key }]
  const link = linkedOf(id, { revision: 3 })
  return {
    id,
    entity: 'customer',
    system: 'accounting',
    state: 'intent',
    write,
    link,
    work,
    attempts: 0,
    at: 1000,
    ...more,
  }
}

/** Rows in the order of their texts, where an answer has no order of its own. */
export function sorted<T>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}
