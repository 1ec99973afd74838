import { userInfo } from 'node:os'
import type { SystemNames } from '@amis-sync/engine'
import type { Setup } from '../setup.ts'
import type { CliContext } from './cli-context.ts'
import { usageError } from './usage-error.ts'

export type Options = Readonly<Record<string, unknown>>

/** What people call the connected systems. */
export function systemNames({ loaded }: Setup): SystemNames {
  return Object.fromEntries(loaded.connectors.map(({ system, labels }) => [system, labels]))
}

export function limitOf(options: Options): number {
  const limit = Number(options['limit'] ?? 50)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit
  throw usageError('--limit phải từ 1 đến 10000', '--limit must be from 1 to 10000')
}

export interface PageOf<T> {
  readonly rows: readonly T[]
  /** What to say with `--after` for the next page. */
  readonly next?: string
}

/** A page of a list whose rows have short ids: behind `--after`, at most `--limit`. */
export async function pageOf<T extends { readonly id: string }>(
  all: AsyncIterable<T>,
  options: Options,
): Promise<PageOf<T>> {
  const limit = limitOf(options)
  const after = options['after'] as string | undefined
  const rows: T[] = []
  let begun = after === undefined
  for await (const one of all) {
    if (!begun) {
      begun = one.id === after
      continue
    }
    if (rows.length === limit) return { rows, next: rows.at(-1)!.id }
    rows.push(one)
  }
  if (begun) return { rows }
  throw usageError(
    `Không còn dòng "${after}"; hãy xem lại từ đầu, không có --after`,
    `The row "${after}" is gone; list from the beginning, without --after`,
  )
}

export function withNext({ t }: CliContext, table: string, next: string | undefined): string {
  return next === undefined ? table : `${table}\n${t('Còn nữa', 'More')}: --after ${next}`
}

/** `name=value` of an option that may be given several times. */
export function pairsOf(options: Options, name: string): [string, string][] {
  return ((options[name] ?? []) as readonly string[]).map((text) => {
    const at = text.indexOf('=')
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
    throw usageError(
      `--${name} cần dạng trường=giá-trị, không phải "${text}"`,
      `--${name} wants field=value, not "${text}"`,
    )
  })
}

/** Who decides: `--by`, else the user of this machine. */
export function personOf(options: Options): string {
  const given = options['by'] as string | undefined
  if (given !== undefined && given.trim() !== '') return given.trim()
  try {
    return userInfo().username
  } catch {
    return 'cli'
  }
}
