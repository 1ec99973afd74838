import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Connector, EntityPlugin, SystemId } from '@amis-sync/core'
import type { TenantSettings } from '@amis-sync/engine'
import { checkSecrets } from './check-secrets.ts'
import type { SecretOptions } from './check-secrets.ts'
import type { ConfigProblem } from './config-problem.ts'
import { describeIssue } from './describe-issue.ts'
import { durationPattern, toMilliseconds } from './duration.ts'
import { connectionSchema, tenantSchema } from './tenant-schema.ts'
import type { Loaded } from './tenant-schema.ts'
import { parseYaml } from './yaml-source.ts'
import type { YamlSource } from './yaml-source.ts'

/** How one system of a tenant is reached. `config` holds resolved secrets: never log it. */
export interface ConnectionConfig {
  readonly connector: Connector
  readonly config: unknown
}

/** A tenant file after all checks. */
export interface TenantConfig {
  readonly tenant: string
  readonly name: string
  /** False: nothing is done for this tenant (its secrets may be missing). */
  readonly enabled: boolean
  readonly file: string
  readonly settings: TenantSettings
  readonly connections: ReadonlyMap<SystemId, ConnectionConfig>
  /** Changes when anything behind `connections` does, secrets included; tells whether connections must be opened anew. */
  readonly connectionsHash: string
  /** When changes are asked for, where the tenant has a cron for it. */
  readonly pollCron?: string
  /** Cron of the full compare. */
  readonly audit?: string
  /** The file's values with defaults filled in and secrets as references: for `config print`. */
  readonly printable: Readonly<Record<string, unknown>>
}

export type Checked<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly ConfigProblem[] }

/** With a cron, the engine's own poll is only what catches a scheduler that failed: once a day. */
const longestPollMs = 86_400_000

interface Parsed {
  readonly tenant: string
  readonly name: string
  readonly enabled: boolean
  readonly convertedFrom: TenantSettings['convertedFrom']
  readonly connections: Readonly<Record<string, { readonly connector: string }>>
  readonly entities: Readonly<
    Record<string, { readonly enabled: boolean; readonly conflicts: TenantSettings['conflicts'][string] } | undefined>
  >
  readonly schedule: { readonly poll: string; readonly audit?: string; readonly auditShare: number }
}

/** Reads and checks one tenant file. All its problems come at once. */
export async function readTenantFile(
  file: string,
  loaded: Loaded,
  env: SecretOptions['env'],
): Promise<Checked<TenantConfig>> {
  const source = parseYaml(file, await readFile(file, 'utf8'))
  return checkTenant(source, loaded, { directory: dirname(file), env }, basename(file).replace(/\.ya?ml$/, ''))
}

/** Checks a tenant that a program gives as a value; secrets may stand in it. */
export function checkTenantValue(value: unknown, loaded: Loaded): Promise<Checked<TenantConfig>> {
  const source: YamlSource = { file: '(tenant)', value, problems: [], locate: () => ({ line: 1, column: 1 }) }
  return checkTenant(source, loaded, { directory: process.cwd(), env: {}, allowClear: true })
}

async function checkTenant(
  source: YamlSource,
  loaded: Loaded,
  secrets: SecretOptions,
  fileName?: string,
): Promise<Checked<TenantConfig>> {
  if (source.problems.length > 0) return { problems: source.problems }
  const { value, problems: secretProblems } = await checkSecrets(source, secrets)
  const schema = tenantSchema(loaded)
  const result = schema.safeParse(value, { reportInput: true })
  const off = (value as { enabled?: unknown } | null)?.enabled === false
  const problems = secretProblems.filter(({ missing }) => !(off && missing === true))
  const seen = new Set(secretProblems.map((problem) => problem.path))
  const add = (found: readonly ConfigProblem[]) => problems.push(...found.filter((problem) => !seen.has(problem.path)))
  for (const issue of result.error?.issues ?? []) add(describeIssue(issue, { source, schema }))

  const { connections, problems: connectionProblems } = checkConnections(value, source, loaded)
  add(connectionProblems)
  if (result.success) add(crossChecks(result.data as unknown as Parsed, source, loaded, fileName))
  if (problems.length > 0 || !result.success)
    return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) }
  return { value: toConfig(result.data as unknown as Parsed, source, loaded, connections), problems: [] }
}

function checkConnections(value: unknown, source: YamlSource, loaded: Loaded) {
  const connections = new Map<SystemId, ConnectionConfig>()
  const problems: ConfigProblem[] = []
  const section = (value as { connections?: Record<string, unknown> } | null)?.connections
  for (const [system, given] of Object.entries(section ?? {})) {
    if (typeof given !== 'object' || given === null) continue
    const { connector: id, ...rest } = given as Record<string, unknown>
    const connector = loaded.connectors.find((one) => one.id === id && one.system === system)
    if (!connector) continue
    const { schema, takesConnector } = connectionSchema(connector)
    const result = schema.safeParse(takesConnector ? given : rest, { reportInput: true })
    for (const issue of result.error?.issues ?? [])
      problems.push(...describeIssue(issue, { source, schema, prefix: ['connections', system] }))
    if (result.success) connections.set(system, { connector, config: result.data })
  }
  return { connections, problems }
}

/** What no single schema can see: the file's name, and entities whose systems are not connected. */
function crossChecks(
  parsed: Parsed,
  source: YamlSource,
  loaded: Loaded,
  fileName: string | undefined,
): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const report = (path: readonly string[], text: Pick<ConfigProblem, 'what' | 'remedy'>) =>
    problems.push({ file: source.file, ...source.locate(path), path: path.join('.'), ...text })
  if (fileName !== undefined && parsed.tenant !== fileName) {
    report(['tenant'], {
      what: { vi: `tenant "${parsed.tenant}" khác tên tệp`, en: `tenant "${parsed.tenant}" is not the file's name` },
      remedy: {
        vi: `Hãy viết tenant: ${fileName}, hoặc đổi tên tệp thành ${parsed.tenant}.yaml`,
        en: `Write tenant: ${fileName}, or rename the file to ${parsed.tenant}.yaml`,
      },
    })
  }
  for (const plugin of loaded.plugins) {
    const missing = plugin.sides.filter((side) => !(side in parsed.connections))
    if (parsed.entities[plugin.id]?.enabled !== true || missing.length === 0) continue
    report(['entities', plugin.id], {
      what: {
        vi: `"${plugin.id}" cần kết nối ${missing.join(', ')}`,
        en: `"${plugin.id}" needs the connection ${missing.join(', ')}`,
      },
      remedy: {
        vi: `Hãy thêm connections.${missing[0]}, hoặc đặt enabled: false`,
        en: `Add connections.${missing[0]}, or set enabled: false`,
      },
    })
  }
  for (const plugin of loaded.plugins) problems.push(...modeProblems(parsed, plugin, source))
  return problems
}

/** A mode that the tenant's system was told not to have (contract §6.1 `contracts`). */
function modeProblems(parsed: Parsed, plugin: EntityPlugin, source: YamlSource): ConfigProblem[] {
  const { settings: section, handler, wire } = plugin
  if (!section || !handler?.mode || parsed.entities[plugin.id]?.enabled === false) return []
  const settings = (parsed as unknown as Record<string, Record<string, unknown>>)[section.section] ?? {}
  const mode = handler.mode({ settings })
  const key = Object.keys(settings).find((name) => settings[name] === mode) ?? ''
  return plugin.sides.flatMap((system): ConfigProblem[] => {
    const flag = wire[system]?.modeRequires?.[mode]
    const { capabilities } = (parsed.connections[system] ?? {}) as { capabilities?: Readonly<Record<string, boolean>> }
    if (flag === undefined || capabilities?.[flag] !== false) return []
    const path = [section.section, key]
    return [
      {
        file: source.file,
        ...source.locate(path),
        path: path.join('.'),
        what: {
          vi: `"${mode}" không dùng được: connections.${system}.capabilities.${flag} là false`,
          en: `"${mode}" cannot be used: connections.${system}.capabilities.${flag} is false`,
        },
        remedy: {
          vi: `Hãy chọn giá trị khác cho ${key}, hoặc bỏ ${flag}: false nếu hệ thống có khả năng này`,
          en: `Choose another value for ${key}, or remove ${flag}: false if the system can do it`,
        },
      },
    ]
  })
}

function toConfig(
  parsed: Parsed,
  source: YamlSource,
  loaded: Loaded,
  connections: ReadonlyMap<SystemId, ConnectionConfig>,
): TenantConfig {
  const connected = loaded.plugins.filter((plugin) => plugin.sides.every((side) => connections.has(side)))
  const enabled = connected.filter((plugin) => parsed.entities[plugin.id]?.enabled !== false).map((plugin) => plugin.id)
  const conflicts: Record<string, TenantSettings['conflicts'][string]> = {}
  const plugins: Record<string, Record<string, unknown>> = {}
  for (const { id, settings } of loaded.plugins) {
    const rules = parsed.entities[id]?.conflicts
    if (rules) conflicts[id] = rules
    plugins[id] = settings
      ? ((parsed as unknown as Record<string, Record<string, unknown>>)[settings.section] ?? {})
      : {}
  }
  const resolved = [...connections].map(([system, { connector, config }]) => [system, connector.id, config])
  const cron = durationPattern.test(parsed.schedule.poll) ? undefined : parsed.schedule.poll
  const given = source.value as { connections: unknown }
  return {
    tenant: parsed.tenant,
    name: parsed.name,
    enabled: parsed.enabled,
    file: source.file,
    settings: {
      tenant: parsed.tenant,
      convertedFrom: parsed.convertedFrom,
      enabled: new Set(enabled),
      conflicts,
      plugins,
      pollMs: cron === undefined ? toMilliseconds(parsed.schedule.poll) : longestPollMs,
      auditShare: parsed.schedule.auditShare / 100,
    },
    connections,
    connectionsHash: createHash('sha256').update(JSON.stringify(resolved)).digest('hex'),
    ...(cron === undefined ? {} : { pollCron: cron }),
    ...(parsed.schedule.audit === undefined ? {} : { audit: parsed.schedule.audit }),
    printable: { ...parsed, connections: given.connections },
  }
}
