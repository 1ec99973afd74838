import type { Environment } from '../environment.ts'
import type { Language, Translate } from './language.ts'

export type OutputFormat = 'table' | 'json' | 'jsonl'

/** Exit codes of every command. */
export const exitCode = { ok: 0, failure: 1, someFailed: 3, usage: 64 } as const

/** What a command knows of where it runs. */
export interface CliContext {
  readonly language: Language
  readonly t: Translate
  readonly output: OutputFormat
  readonly env: Environment
  /** Colours and moving progress: stderr is a terminal and nobody said otherwise. */
  readonly fancy: boolean
  /** Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. */
  readonly signal: AbortSignal
  /** A line for people, on stderr. */
  say(text: string): void
  /**
   * A command's result, on stdout: one JSON document, one line for each row, or the table's text.
   */
  print(result: CliResult): void
}

export interface CliResult {
  /** The JSON document, without `formatVersion`. */
  readonly document: Readonly<Record<string, unknown>>
  /** What `jsonl` prints, one line each. Default: the document as one line. */
  readonly rows?: readonly unknown[]
  readonly table: string
}

/** Raised when the form of a document changes in a way that readers notice. */
export const formatVersion = 1
