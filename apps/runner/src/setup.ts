import { configError } from './config/config-problem.ts'
import type { ConfigProblem } from './config/config-problem.ts'
import { readRunnerConfig, readTenantFiles, tenantsDirectory } from './config/load-config.ts'
import type { RunnerConfig } from './config/runner-config.ts'
import type { TenantConfig } from './config/tenant-config.ts'
import { requirePackages } from './plugins/load-packages.ts'
import type { LoadedPackages } from './plugins/load-packages.ts'

/** Everything that a configuration folder says, checked. */
export interface Setup {
  readonly configDir: string
  readonly runner: RunnerConfig
  readonly loaded: LoadedPackages
  readonly tenantsDir: string
  /** The tenants whose files are good and switched on. */
  readonly tenants: readonly TenantConfig[]
  /** Good files that are switched off (`enabled: false`): nothing is done for them. */
  readonly off: readonly TenantConfig[]
  /** What is wrong with the others. */
  readonly problems: readonly ConfigProblem[]
}

/**
 * Reads a configuration folder and loads what it names. Throws `SyncError`: `CONFIG_INVALID` for `amis-sync.yaml`, or a package's fault.
 * Problems of tenant files are in the answer.
 */
export async function readSetup(
  configDir: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Setup> {
  const runner = await readRunnerConfig(configDir, variables)
  const loaded = await requirePackages({ plugins: runner.plugins, connectors: runner.connectors, directory: configDir })
  const tenantsDir = tenantsDirectory(configDir, runner)
  return { configDir, runner, loaded, tenantsDir, ...(await readTenantFiles(tenantsDir, loaded, variables)) }
}

/** The same, but a problem of any tenant file is an error. */
export async function requireSetup(
  configDir: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Setup> {
  const setup = await readSetup(configDir, variables)
  if (setup.problems.length > 0) throw configError(setup.problems)
  return setup
}
