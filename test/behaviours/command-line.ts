import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type AnyRow, type Company, onClose, tenantFile } from './company.ts'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** What a command printed, and how it ended. */
export interface CommandOutcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Secrets stand in a tenant file as references only. */
function withoutSecrets(file: AnyRow): { file: AnyRow; env: Record<string, string> } {
  const env: Record<string, string> = {}
  const connections = Object.fromEntries(
    Object.entries(file.connections as Record<string, AnyRow>).map(([system, connection]) => {
      const secrets = ['clientSecret', 'webhookSecret', 'accessCode'].filter((name) => name in connection)
      for (const name of secrets) env[`${system}_${name}`.toUpperCase()] = connection[name]
      const references = secrets.map((name) => [name, `\${env:${`${system}_${name}`.toUpperCase()}}`])
      return [system, { ...connection, ...Object.fromEntries(references) }]
    }),
  )
  return { file: { ...file, connections }, env }
}

/** The real command line of a company, a process beside its runner: same database, a configuration folder of its own. */
export async function commandLine(
  company: Company,
  overrides: AnyRow = {},
): Promise<(...parameters: readonly string[]) => Promise<CommandOutcome>> {
  const folder = await mkdtemp(join(tmpdir(), 'amis-sync-test-'))
  onClose(() => rm(folder, { recursive: true, force: true }))
  const { file, env } = withoutSecrets(tenantFile(company.sandboxUrl, overrides))
  await mkdir(join(folder, 'tenants'))
  await writeFile(join(folder, 'tenants/demo.yaml'), JSON.stringify(file))
  await writeFile(join(folder, 'amis-sync.yaml'), 'http: { port: 0 }\n')
  const variables = {
    ...env,
    AMIS_SYNC_LANG: 'en',
    NO_COLOR: '1',
    AMIS_SYNC_CONFIG: folder,
    MONGODB_URI: company.mongoUri,
  }
  return (...parameters) => {
    const all = ['--conditions=@amis-sync/source', join(root, 'apps/runner/src/main.ts'), ...parameters]
    return run(join(root, 'node_modules/.bin/node'), all, { cwd: root, env: { ...process.env, ...variables } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: CommandOutcome) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
    )
  }
}
