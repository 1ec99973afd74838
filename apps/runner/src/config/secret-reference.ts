import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SyncError } from '@amis-sync/core'

/** Where a secret stands: `${env:NAME}` or `${file:path}`. */
export type SecretReference = { readonly kind: 'env' | 'file'; readonly name: string }

const reference = /^\$\{(env|file):([^{}]+)\}$/
const secretKeys = /(secret|password|passphrase|accessCode|token|apiKey|privateKey)$/i

/** Is the value behind this key a secret? Decided by its name, so that a new connector need not remember to say so. */
export function isSecretKey(key: string): boolean {
  return secretKeys.test(key)
}

export function parseSecretReference(text: string): SecretReference | undefined {
  const match = reference.exec(text.trim())
  return match ? { kind: match[1] as 'env' | 'file', name: match[2]!.trim() } : undefined
}

/** The pattern of a reference, for JSON Schema. */
export const secretReferencePattern = '^\\$\\{(env|file):[^{}]+\\}$'

/**
 * The secret itself. Files are read relative to the configuration file; one newline at the end is cut off.
 * Throws `SyncError` kind `config`, code `SECRET_MISSING`.
 */
export async function resolveSecret(
  secret: SecretReference,
  from: { readonly directory: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<string> {
  if (secret.kind === 'env') {
    const value = from.env[secret.name]
    if (value !== undefined && value !== '') return value
    throw new SyncError({
      code: 'SECRET_MISSING',
      kind: 'config',
      message: {
        vi: `Biến môi trường ${secret.name} chưa được đặt. Hãy đặt biến này trước khi chạy`,
        en: `The environment variable ${secret.name} is not set. Set it before starting`,
      },
    })
  }
  const path = resolve(from.directory, secret.name)
  try {
    const value = (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
    if (value !== '') return value
  } catch (cause) {
    throw missingFile(path, cause)
  }
  throw missingFile(path, undefined)
}

function missingFile(path: string, cause: unknown): SyncError {
  return new SyncError({
    code: 'SECRET_MISSING',
    kind: 'config',
    message: {
      vi: `Không đọc được bí mật trong tệp ${path}. Hãy tạo tệp đó (không rỗng) và cho phép đọc`,
      en: `The secret file ${path} cannot be read or is empty. Create it and make it readable`,
    },
    cause,
  })
}
