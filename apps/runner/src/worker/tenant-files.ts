import { basename } from 'node:path'
import type { Logger } from '@amis-sync/core'
import { problemText } from '../config/config-problem.ts'
import { readTenantFile } from '../config/tenant-config.ts'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { Loaded } from '../config/tenant-schema.ts'
import { watchTenants } from '../config/tenant-watcher.ts'
import type { Jobs } from './jobs.ts'
import type { Worker } from './worker.ts'

/**
 * Follows the tenant files while the runner lives (design §6): a changed one is checked, then taken over; a bad one changes nothing and
 * is told with its problems; one that is gone ends its tenant's work. Answers with what ends the following.
 */
export async function followTenantFiles(options: {
  readonly directory: string
  readonly loaded: Loaded
  readonly worker: Worker
  readonly jobs: Jobs
  readonly logger: Logger
  readonly variables: Readonly<Record<string, string | undefined>>
  /** What the runner's own options change in every tenant. */
  readonly change: (tenant: TenantConfig) => TenantConfig
}): Promise<() => Promise<void>> {
  const { worker, logger } = options
  const read = async (file: string) => {
    try {
      const { value, problems } = await readTenantFile(file, options.loaded, options.variables)
      if (value && !value.enabled) {
        worker.remove(value.tenant)
        logger.info('tenant switched off by its file, its work stops', { tenant: value.tenant, file })
      } else if (value) {
        await worker.put(options.change(value))
        logger.info('tenant file taken over', { tenant: value.tenant, file })
      }
      for (const problem of problems)
        logger.error('the tenant file is bad and changes nothing', { problem: problemText(problem, 'en') })
    } catch (error) {
      logger.error('the tenant file could not be taken over', { file, error: String(error) })
    }
  }
  const watcher = await watchTenants(options.directory, async ({ changed, removed }) => {
    for (const file of changed) await read(file)
    for (const file of removed) {
      const tenant = basename(file).replace(/\.ya?ml$/, '')
      worker.remove(tenant)
      logger.info('tenant file gone, its work stops', { tenant })
    }
    await options.jobs.plan()
  })
  return async () => watcher.close()
}
