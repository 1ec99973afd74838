import { readFile, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { SyncError } from '@amis-sync/core'
import { checkSecrets } from './check-secrets.ts'
import { configError } from './config-problem.ts'
import type { ConfigProblem } from './config-problem.ts'
import { describeIssue } from './describe-issue.ts'
import { runnerConfigSchema } from './runner-config.ts'
import type { RunnerConfig } from './runner-config.ts'
import { readTenantFile } from './tenant-config.ts'
import type { TenantConfig } from './tenant-config.ts'
import type { Loaded } from './tenant-schema.ts'
import { parseYaml } from './yaml-source.ts'

type Environment = Readonly<Record<string, string | undefined>>

const notThere = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** A folder that was named must be there; only the default one may be missing. */
async function requireFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new SyncError({
    code: 'CONFIG_FOLDER_MISSING',
    kind: 'config',
    message: {
      vi: `Không có thư mục cấu hình "${directory}". Hãy tạo thư mục này (mẫu: config/), hoặc sửa AMIS_SYNC_CONFIG`,
      en: `There is no configuration folder "${directory}". Create it (see config/ for an example), or correct AMIS_SYNC_CONFIG`,
    },
  })
}

/**
 * `amis-sync.yaml` of a configuration folder; all defaults when there is none. `database.uri` may be a reference.
 * Throws `SyncError` code `CONFIG_INVALID` with every problem of the file.
 */
export async function readRunnerConfig(directory: string, env: Environment): Promise<RunnerConfig> {
  if (env.AMIS_SYNC_CONFIG !== undefined) await requireFolder(directory)
  const file = join(directory, 'amis-sync.yaml')
  let text = ''
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!notThere(error)) throw error
  }
  const source = parseYaml(file, text)
  if (source.problems.length > 0) throw configError(source.problems)
  const { value, problems } = await checkSecrets(source, { directory, env })
  const result = runnerConfigSchema.safeParse(value, { reportInput: true })
  const seen = new Set(problems.map((problem) => problem.path))
  const found = (result.error?.issues ?? []).flatMap((issue) =>
    describeIssue(issue, { source, schema: runnerConfigSchema }),
  )
  const all = [...problems, ...found.filter((problem) => !seen.has(problem.path))]
  if (all.length > 0 || !result.success) throw configError(all)
  return result.data
}

/** The tenant files of a folder, in the order of their names. None when the folder is not there. */
export async function listTenantFiles(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory)
    return names
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .toSorted()
      .map((name) => join(directory, name))
  } catch (error) {
    if (notThere(error)) return []
    throw error
  }
}

export interface TenantFiles {
  readonly tenants: readonly TenantConfig[]
  /** Good files of tenants that are switched off (`enabled: false`). */
  readonly off: readonly TenantConfig[]
  readonly problems: readonly ConfigProblem[]
}

/** Every tenant file; good ones and what is wrong with the others. */
export async function readTenantFiles(directory: string, loaded: Loaded, env: Environment): Promise<TenantFiles> {
  const checked = await Promise.all((await listTenantFiles(directory)).map((file) => readTenantFile(file, loaded, env)))
  const good = checked.flatMap((one) => (one.value ? [one.value] : []))
  return {
    tenants: good.filter(({ enabled }) => enabled),
    off: good.filter(({ enabled }) => !enabled),
    problems: checked.flatMap((one) => one.problems),
  }
}

/** Where the tenant files are. */
export function tenantsDirectory(directory: string, config: RunnerConfig): string {
  return resolve(directory, config.tenants)
}
