import { z } from 'zod'
import type { Message } from '@amis-sync/core'
import { didYouMean } from './did-you-mean.ts'
import { keysAt } from './schema-walk.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { ValuePath, YamlSource } from './yaml-source.ts'

const locales = { vi: z.locales.vi().localeError, en: z.locales.en().localeError }

function localised(issue: z.core.$ZodIssue): Message {
  const text = (language: 'vi' | 'en') => {
    const result = locales[language](issue as z.core.$ZodRawIssue)
    return (typeof result === 'string' ? result : result?.message) ?? issue.message
  }
  const en = text('en')
  const vi = text('vi')
  // A text that the schema's author gave says more than the general one; it may have both languages, `vi · en` or `vi / en`.
  const own = issue.code === 'custom' || issue.message !== en
  const [ownVi, ownEn = ownVi] = issue.message.split(/ [·/] /) as [string, string?]
  const lower = (value: string) => value.charAt(0).toLowerCase() + value.slice(1)
  return own ? { vi: lower(ownVi), en: lower(ownEn) } : { vi: lower(vi), en: lower(en) }
}

function unknownKey(key: string, known: readonly string[]): Pick<ConfigProblem, 'what' | 'remedy'> {
  const meant = didYouMean(key, known)
  return {
    what: { vi: `không có khóa "${key}"`, en: `unknown key "${key}"` },
    remedy: meant
      ? { vi: `Có phải bạn muốn viết "${meant}"?`, en: `Did you mean "${meant}"?` }
      : known.length > 0
        ? {
            vi: `Hãy xóa nó; các khóa được dùng ở đây: ${known.join(', ')}`,
            en: `Remove it; keys that are known here: ${known.join(', ')}`,
          }
        : { vi: 'Hãy xóa nó', en: 'Remove it' },
  }
}

function wrongValue(issue: z.core.$ZodIssueInvalidValue): Pick<ConfigProblem, 'what' | 'remedy'> {
  const options = issue.values.map(String)
  const given = typeof issue.input === 'string' || typeof issue.input === 'number' ? String(issue.input) : undefined
  const meant = given === undefined ? undefined : didYouMean(given, options)
  return {
    what: {
      vi: `giá trị ${given === undefined ? '' : `"${given}" `}không dùng được ở đây`,
      en: `the value ${given === undefined ? '' : `"${given}" `}is not one of those allowed here`,
    },
    remedy: {
      vi: `${meant ? `Có phải "${meant}"? ` : ''}Các giá trị được dùng: ${options.join(', ')}`,
      en: `${meant ? `Did you mean "${meant}"? ` : ''}Allowed: ${options.join(', ')}`,
    },
  }
}

/**
 * A zod issue as problems with positions: one per unknown key, one for everything else. `prefix` is where the schema's value stands in
 * the file. Parse with `reportInput`.
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  context: { readonly source: YamlSource; readonly schema: z.ZodType; readonly prefix?: ValuePath },
): ConfigProblem[] {
  const own = issue.path.filter((step): step is string | number => typeof step !== 'symbol')
  const path = [...(context.prefix ?? []), ...own]
  const { source } = context
  const dotted = (steps: ValuePath) => steps.join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(context.schema, own)
    return issue.keys.map((key) => ({
      file: source.file,
      ...source.locate(path, key),
      path: dotted([...path, key]),
      ...unknownKey(key, known),
    }))
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((errors) => errors.some((error) => error.path.length > 0))?.[0]
    if (branch) return describeIssue({ ...branch, path: [...issue.path, ...branch.path] }, context)
  }
  const at = { file: source.file, ...source.locate(path), path: dotted(path) }
  const missing = issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
  if (missing) {
    const name = dotted(path)
    return [
      {
        ...at,
        what: { vi: `thiếu "${name}"`, en: `"${name}" is missing` },
        remedy: { vi: `Hãy thêm khóa "${path.at(-1)}"`, en: `Add the key "${path.at(-1)}"` },
      },
    ]
  }
  if (issue.code === 'invalid_value') return [{ ...at, ...wrongValue(issue) }]
  return [
    {
      ...at,
      what: localised(issue),
      remedy: { vi: `Hãy sửa giá trị của "${dotted(path)}"`, en: `Correct the value of "${dotted(path)}"` },
    },
  ]
}
