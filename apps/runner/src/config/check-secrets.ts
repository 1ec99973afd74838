import { toSyncError } from '@amis-sync/core'
import { isSecretKey, parseSecretReference, resolveSecret } from './secret-reference.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { YamlSource } from './yaml-source.ts'

export interface SecretOptions {
  /** Where `${file:…}` starts from. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Secrets in clear text are refused unless this is set: tests and embedding programs, never files. */
  readonly allowClear?: boolean
}

interface SecretProblem extends ConfigProblem {
  /** The reference is right, but what it names is not there. */
  readonly missing?: boolean
}

/** The value of a file with every reference replaced by its secret, and what is wrong with them. */
export async function checkSecrets(
  source: YamlSource,
  options: SecretOptions,
): Promise<{ value: unknown; problems: readonly SecretProblem[] }> {
  const problems: SecretProblem[] = []
  const report = (
    path: readonly (string | number)[],
    text: Pick<ConfigProblem, 'what' | 'remedy'> & { readonly missing?: boolean },
  ) => problems.push({ file: source.file, ...source.locate(path), path: path.join('.'), ...text })

  const resolved = async (value: string, path: readonly (string | number)[]): Promise<string> => {
    const key = path.findLast((step) => typeof step === 'string') ?? ''
    const secret = isSecretKey(key)
    const reference = parseSecretReference(value)
    if (!reference) {
      if (value.includes('${')) report(path, malformed)
      else if (secret && value !== '' && options.allowClear !== true) report(path, inClear(key))
      return value
    }
    if (!secret) {
      report(path, notASecret(key))
      return value
    }
    try {
      return await resolveSecret(reference, options)
    } catch (error) {
      const { text } = toSyncError(error)
      const [vi, en] = [text.vi.split('. '), text.en.split('. ')]
      report(path, { what: { vi: vi[0]!, en: en[0]! }, remedy: { vi: vi[1] ?? '', en: en[1] ?? '' }, missing: true })
      return value
    }
  }

  const walk = async (value: unknown, path: readonly (string | number)[]): Promise<unknown> => {
    if (typeof value === 'string') return resolved(value, path)
    if (Array.isArray(value)) return Promise.all(value.map((one, index) => walk(one, [...path, index])))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(async ([key, one]) => [key, await walk(one, [...path, key])] as const)
    return Object.fromEntries(await Promise.all(entries))
  }

  return { value: await walk(source.value, []), problems }
}

const malformed = {
  what: { vi: 'tham chiếu bí mật viết sai', en: 'a secret reference is malformed' },
  remedy: {
    vi: 'Hãy viết đúng dạng ${env:TÊN_BIẾN} hoặc ${file:đường-dẫn}',
    en: 'Write ${env:NAME} or ${file:path}, and nothing else beside it',
  },
}

function inClear(key: string): Pick<ConfigProblem, 'what' | 'remedy'> {
  return {
    what: { vi: `bí mật "${key}" được ghi bằng chữ rõ`, en: `the secret "${key}" stands here in clear text` },
    remedy: {
      vi: `Hãy chuyển giá trị ra ngoài và viết ${key}: \${env:TÊN_BIẾN} hoặc \${file:đường-dẫn}; nên đổi bí mật này vì nó đã bị lộ`,
      en: `Move it out and write ${key}: \${env:NAME} or \${file:path}; change this secret, since it has been seen`,
    },
  }
}

function notASecret(key: string): Pick<ConfigProblem, 'what' | 'remedy'> {
  return {
    what: {
      vi: `"${key}" không phải là bí mật nên không dùng được tham chiếu`,
      en: `"${key}" is no secret, so it takes no reference`,
    },
    remedy: { vi: 'Hãy ghi thẳng giá trị', en: 'Write the value itself' },
  }
}
