import { SyncError } from '@amis-sync/core'
import type { Message } from '@amis-sync/core'

/** One thing that is wrong in a configuration file: where, what, and how to mend it (FW7). Lines and columns count from 1. */
export interface ConfigProblem {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Dotted path of the value: `connections.crm.clientId`; empty for the file as a whole. */
  readonly path: string
  readonly what: Message
  readonly remedy: Message
}

/** `file:line:column: what. remedy` in one language. */
export function problemText(problem: ConfigProblem, language: 'vi' | 'en'): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.what[language]}. ${problem.remedy[language]}`
}

/** All problems of one or more files as one error, code `CONFIG_INVALID`; the problems are in `detail.problems`. */
export function configError(problems: readonly ConfigProblem[]): SyncError {
  const all = (language: 'vi' | 'en') => problems.map((problem) => problemText(problem, language)).join('\n')
  return new SyncError({
    code: 'CONFIG_INVALID',
    kind: 'config',
    message: { vi: all('vi'), en: all('en') },
    detail: { problems },
  })
}
