import {
  type Canonical,
  type Decimal,
  type EntityPlugin,
  type Failure,
  type Message,
  type TenantStore,
  codeKey,
  toTimeStamp,
} from '@amis-sync/core'
import { type FigureState, loadFigures, readFigureState } from './flow/figure-documents.ts'
import { type KeptFigure, isTold, subjectPrefix, totalsOf } from './pure/figures.ts'

/** Where the figures of one entity stand. */
export interface FigureStatus extends FigureState {
  readonly entity: string
}

/** One figure of the record that was asked for. */
export interface FigurePlace {
  readonly code: string
  readonly name?: string
  /** Decimals by field; null = the source gives none. */
  readonly values: Readonly<Record<string, Decimal | null>>
  /** Since when they stand so: the server's time of the snapshot that showed them first. */
  readonly asOf?: string
  /** The source shows it no more, so it counts as 0. */
  readonly absent?: true
  /** When the other side was told these values (our clock, milliseconds); absent = not yet. */
  readonly sentAt?: number
  /** Why the other side does not take it. */
  readonly failure?: Failure
}

/** What is known about one product's stock, or one customer's debts (ST2, DE2). */
export interface FigureAnswer {
  readonly entity: string
  readonly code: string
  readonly name?: string
  readonly unit?: string
  readonly places: readonly FigurePlace[]
  /** By field; null where no place gives a value. */
  readonly totals: Readonly<Record<string, Decimal | null>>
  readonly state?: FigureState
}

/** Nobody knows that code. `known`: codes that have figures. */
export interface FigureUnknown {
  readonly unknown: string
  readonly known: readonly string[]
}

/** The figure plugins among these, with where their figures stand. */
export async function figureStatus(store: TenantStore, plugins: readonly EntityPlugin[]): Promise<FigureStatus[]> {
  const figures = plugins.filter(({ figure }) => figure)
  return Promise.all(
    figures.map(async ({ id }) => ({
      entity: id,
      ...((await readFigureState(store, id)) ?? { count: 0, unlinked: 0, unsent: 0 }),
    })),
  )
}

/**
 * Figures of one record by its code at either side, from the store alone. A record that is known and has none has no places; the codes
 * of all figures are looked through only where the links do not know the code.
 */
export async function lookUpFigures(
  store: TenantStore,
  plugin: EntityPlugin,
  code: string,
): Promise<FigureAnswer | FigureUnknown> {
  const { from, key, subject } = plugin.figure!
  const entity = plugin.references.find(({ path }) => path === key[0])?.entity
  const links = (
    await Promise.all(
      entity === undefined ? [] : plugin.sides.map((side) => store.links.findByKey(entity, side, [code])),
    )
  ).flat()
  const ids = new Set(links.flatMap(({ sides }) => sides[from]?.id ?? []))
  const found: KeptFigure[] = []
  for (const id of ids) found.push(...(await loadFigures(store, plugin.id, subjectPrefix(id))).values())
  const known: string[] = []
  if (found.length === 0) {
    for (const figure of (await loadFigures(store, plugin.id)).values()) {
      const own = textOf(figure.record, subject.code)
      if (own === undefined) continue
      if (codeKey(own) === codeKey(code)) found.push(figure)
      else known.push(own)
    }
  }
  if (found.length === 0 && links.length === 0) return { unknown: code, known: [...new Set(known)] }
  const state = await readFigureState(store, plugin.id)
  return { ...answerOf(plugin, found, code), ...(state ? { state } : {}) }
}

function answerOf(plugin: EntityPlugin, found: readonly KeptFigure[], code: string): FigureAnswer {
  const { subject, unit } = plugin.figure!
  const record = found[0]?.record ?? {}
  const name = textOf(record, subject.name)
  const unitName = unit === undefined ? undefined : textOf(record, unit)
  return {
    entity: plugin.id,
    code: textOf(record, subject.code) ?? code,
    ...(name === undefined ? {} : { name }),
    ...(unitName === undefined ? {} : { unit: unitName }),
    places: found.map((figure) => placeOf(plugin, figure)).sort((a, b) => (codeKey(a.code) < codeKey(b.code) ? -1 : 1)),
    totals: totalsOf(
      plugin.figure!,
      found.map((one) => one.record),
    ),
  }
}

function placeOf(plugin: EntityPlugin, one: KeptFigure): FigurePlace {
  const { figure } = plugin
  const { place } = figure!
  const { record: own, absent, sent, refused } = one
  const placeName = textOf(own, place.name)
  const asOf = textOf(own, figure!.time)
  return {
    code: textOf(own, place.code) ?? '',
    ...(placeName === undefined ? {} : { name: placeName }),
    values: Object.fromEntries(figure!.values.map((value) => [value, textOf(own, value) ?? null])),
    ...(asOf === undefined ? {} : { asOf }),
    ...(absent ? { absent } : {}),
    ...(sent && isTold(plugin, one) ? { sentAt: sent.at } : {}),
    ...(refused ? { failure: refused.failure } : {}),
  }
}

function textOf(record: Canonical, name: string): string | undefined {
  const value = record[name]
  return typeof value === 'string' ? value : undefined
}

/** When figures of a record were read and told last, as reasons of `why`. */
export async function explainFigures(store: TenantStore, plugin: EntityPlugin, code: string): Promise<Message[]> {
  const found = await lookUpFigures(store, plugin, code)
  if ('unknown' in found || found.places.length === 0) {
    return [{ vi: `Chưa có số liệu nào của "${code}".`, en: `There are no figures of "${code}".` }]
  }
  const time = (ms: number | undefined) => (ms === undefined ? '–' : toTimeStamp(ms).slice(0, 19).replace('T', ' '))
  const { state } = found
  const read = time(state?.readAt)
  const troubles = [state?.held?.failure, state?.failure, state?.refusal].filter((one) => one !== undefined)
  const places = found.places.map((place): Message => {
    const shown = `${place.code}: ${Object.values(place.values)
      .map((value) => value ?? '–')
      .join(' / ')}`
    if (place.failure) return { vi: `${shown}. ${place.failure.vi}`, en: `${shown}. ${place.failure.en}` }
    return place.sentAt === undefined
      ? { vi: `${shown}, chưa gửi sang bên kia.`, en: `${shown}, not told to the other side yet.` }
      : { vi: `${shown}, đã gửi lúc ${time(place.sentAt)}.`, en: `${shown}, told at ${time(place.sentAt)}.` }
  })
  return [
    { vi: `Số liệu được đọc lần cuối lúc ${read}.`, en: `The figures were read last at ${read}.` },
    ...troubles.map(({ vi, en }) => ({ vi, en })),
    ...places,
  ]
}
