import {
  type Canonical,
  type Decimal,
  type EntityPlugin,
  type Failure,
  type FigureRules,
  type Row,
  type SideResource,
  addDecimals,
  codeKey,
  encodeColumns,
  otherSide,
} from '@amis-sync/core'
import { sameValue } from './same-value.ts'

/** One figure as it is kept. */
export interface KeptFigure {
  /** What the source showed last; its time is that of the snapshot which showed these values first. */
  readonly record: Canonical
  /** The source shows it no more: its values are 0. */
  readonly absent?: true
  /** What the other side was told last. */
  readonly sent?: SentFigure
  /** The other side refused it. */
  readonly refused?: RefusedFigure
}

export interface SentFigure {
  /** The records there that it was written for; others have not been told. */
  readonly to: string
  /** The columns that were given, without keys and time. */
  readonly row: Row
  readonly at: number
}

export interface RefusedFigure {
  readonly to: string
  readonly failure: Failure
  readonly attempts: number
  /** Not before this time (milliseconds since 1970). */
  readonly retryAt: number
}

/** One complete listing of all figures. */
export interface Snapshot {
  readonly figures: ReadonlyMap<string, Canonical>
  /** The server's time of its first page. */
  readonly asOf?: string
  /** Rows that were not understood, and why the first of them was not. They may be what seems to be missing. */
  readonly unread: number
  readonly failure?: Failure
}

/** `product|warehouse`: codes as they are compared. `undefined` = a part of the key is empty. */
export function figureId({ figure, fields }: EntityPlugin, record: Canonical): string | undefined {
  const parts = figure!.key.map((name) => {
    const value = record[name]
    if (typeof value !== 'string' || value === '') return undefined
    return escaped(fields[name]?.kind === 'code' ? codeKey(value) : value)
  })
  return parts.includes(undefined) ? undefined : parts.join('|')
}

/** Ids of everything about one subject begin so. */
export function subjectPrefix(subject: string): string {
  return `${escaped(subject)}|`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('|', '%7C')
}

/** Figures that the source showed before and does not show now. */
export function missingFrom(kept: ReadonlyMap<string, KeptFigure>, { figures }: Snapshot): string[] {
  return [...kept].filter(([id, one]) => !one.absent && !figures.has(id)).map(([id]) => id)
}

/** What is to be kept anew: figures that are new, came back, or look different. */
export function changesOf(
  plugin: EntityPlugin,
  kept: ReadonlyMap<string, KeptFigure>,
  { figures }: Snapshot,
): Map<string, KeptFigure> {
  const { values, time } = plugin.figure!
  const others = Object.keys(plugin.fields).filter((name) => name !== time && !values.includes(name))
  const changes = new Map<string, KeptFigure>()
  for (const [id, record] of figures) {
    const before = kept.get(id)
    const news = !before || before.absent || !sameFields(plugin, before.record, record, values)
    if (!news && sameFields(plugin, before.record, record, others)) continue
    const since = news ? record[time] : before.record[time]
    const { absent: _absent, refused, ...rest } = before ?? {}
    changes.set(id, {
      ...rest,
      record: { ...before?.record, ...record, [time]: since },
      ...(refused && !news ? { refused } : {}),
    })
  }
  return changes
}

/** A field that the source does not carry is no news. */
function sameFields({ fields }: EntityPlugin, a: Canonical, b: Canonical, names: readonly string[]): boolean {
  return names.every((name) => {
    const [x, y] = [a[name], b[name]]
    return y === undefined || (x !== undefined && sameValue(fields[name]!, x, y))
  })
}

/** The source shows it no more, for good. */
export function zeroed(
  { values, time }: FigureRules,
  { record, sent }: KeptFigure,
  asOf: string | undefined,
): KeptFigure {
  const none = values.filter((name) => typeof record[name] === 'string').map((name) => [name, '0'])
  return {
    record: { ...record, ...Object.fromEntries(none), [time]: asOf ?? null },
    absent: true,
    ...(sent ? { sent } : {}),
  }
}

/** The fuse (ST3): at most so many missing figures, and at most this part of those that were known, may become 0 by a listing alone. */
export const fuse = { most: 100, percent: 5 } as const

export interface Missing {
  /** How many figures were known before. */
  readonly known: number
  /** Figures that are missing though nothing is known to be deleted. */
  readonly missing: readonly string[]
  /** Those that were missing from the complete snapshot before this one. */
  readonly before: ReadonlySet<string>
  readonly snapshot: Snapshot
  /** A person says that they are gone: the share does not count. */
  readonly confirmed?: boolean
}

export interface MissingVerdict {
  /** These become 0. */
  readonly zero: readonly string[]
  /** These were missing for the first time: the next snapshot decides. */
  readonly doubted: readonly string[]
  /** So much is missing that the snapshot is not believed; nothing that it does not show is touched. */
  readonly held: boolean
}

/** What becomes of figures that a complete snapshot does not show (contract §4.11, last line; §6.2 rule 1). */
export function judgeMissing({ known, missing, before, snapshot, confirmed = false }: Missing): MissingVerdict {
  const none = { zero: [], doubted: [] }
  if (missing.length === 0) return { ...none, held: false }
  const few = missing.length <= Math.min(fuse.most, Math.floor((known * fuse.percent) / 100))
  if (snapshot.figures.size === 0 || (!few && !confirmed)) return { ...none, held: true }
  if (snapshot.unread > 0) return { ...none, held: false }
  return {
    zero: missing.filter((id) => before.has(id)),
    doubted: missing.filter((id) => !before.has(id)),
    held: false,
  }
}

/** What the other side is told of a figure, without keys and time: two equal ones need not be told twice. */
export function toldPart({ figure, references }: EntityPlugin, { columns }: SideResource, record: Canonical): Row {
  const left = new Set([figure!.time, ...references.map(({ path }) => path)])
  return encodeColumns(columns, Object.fromEntries(Object.entries(record).filter(([name]) => !left.has(name))))
}

/** Does the other side know this figure as it is kept? */
export function isTold(plugin: EntityPlugin, { record, sent }: KeptFigure): boolean {
  const resource = plugin.wire[otherSide(plugin, plugin.figure!.from)]!.resources[0]!
  return sent !== undefined && JSON.stringify(sent.row) === JSON.stringify(toldPart(plugin, resource, record))
}

/** Sum of each value; what is empty counts as nothing, and where all are empty so is the sum. */
export function totalsOf({ values }: FigureRules, records: readonly Canonical[]): Record<string, Decimal | null> {
  return Object.fromEntries(
    values.map((name) => {
      const given = records.map((record) => record[name]).filter((value) => typeof value === 'string')
      return [name, given.length === 0 && records.length > 0 ? null : addDecimals('0', ...given)]
    }),
  )
}
