import { BSONRegExp } from 'bson'
import { CommandError } from '../errors.ts'

/** A regular expression of a filter: its text (to compare with stored regexes) and its compiled form. */
export interface FilterRegex {
  readonly pattern: string
  readonly options: string
  readonly compiled: RegExp
}

export function isRegex(value: unknown): value is BSONRegExp | RegExp {
  return value instanceof BSONRegExp || value instanceof RegExp
}

/** Compiles a BSON regex, a JavaScript regex or a pattern string with `$options`. */
export function toFilterRegex(value: unknown, options?: unknown): FilterRegex {
  if (value instanceof BSONRegExp) return compileRegex(value.pattern, optionsText(options, value.options))
  if (value instanceof RegExp) return compileRegex(value.source, optionsText(options, value.flags))
  if (typeof value !== 'string') throw new CommandError('BadValue', '$regex has to be a string')
  return compileRegex(value, optionsText(options, ''))
}

function optionsText(options: unknown, absent: string): string {
  if (options === undefined) return absent
  if (typeof options !== 'string') throw new CommandError('BadValue', '$options has to be a string')
  return options
}

function compileRegex(pattern: string, options: string): FilterRegex {
  if (/[^imsxu]/.test(options)) throw new CommandError('BadValue', `invalid flag in regex options: ${options}`)
  let source = options.includes('x') ? stripExtended(pattern) : pattern
  const flags = new Set(Array.from(options).filter((flag) => 'ims'.includes(flag)))
  // PCRE's leading inline flags have no JavaScript spelling.
  const inline = /^\(\?([ims]+)\)/.exec(source)
  if (inline) {
    for (const flag of inline[1]!) flags.add(flag)
    source = source.slice(inline[0].length)
  }
  const jsFlags = [...flags].join('')
  // Code point matching is PCRE's behaviour; patterns with needless escapes compile only without it.
  const compiled = tryCompile(source, `${jsFlags}u`) ?? tryCompile(source, jsFlags)
  if (!compiled) throw new CommandError('BadValue', `Regular expression is invalid: ${pattern}`)
  return { pattern, options, compiled }
}

function tryCompile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

/** `x`: white space and `#` comments outside character classes do not count. */
function stripExtended(pattern: string): string {
  return pattern.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#[^\n]*/g, (token) => (/^[\s#]/.test(token) ? '' : token))
}

/**
 * The text that every match must start with, or undefined when the regex fixes none: `^abc` bounds an index scan.
 */
export function literalPrefix(regex: FilterRegex): string | undefined {
  if (/[imx]/.test(regex.options) || regex.compiled.flags.replace('u', '').replace('s', '') !== '') return undefined
  if (regex.pattern.includes('|')) return undefined
  const match = /^\^((?:[^\\^$.|?*+()[\]{}]|\\[^\w])+)/.exec(regex.pattern)
  if (!match) return undefined
  let literal = match[1]!
  // A quantifier applies to the last character, which is then not fixed.
  if (/^[?*+{]/.test(regex.pattern.slice(match[0].length))) literal = literal.replace(/\\?.$/su, '')
  literal = literal.replace(/\\(.)/gsu, '$1')
  return literal === '' ? undefined : literal
}
