import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { problemText } from '../../config/config-problem.ts'
import { listTenantFiles } from '../../config/load-config.ts'
import { redact } from '../../config/redact.ts'
import { readSetup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { tenantNamed } from '../session.ts'

/** `config check`: every problem of every file, with line and column (FW7). */
export async function configCheck(context: CliContext): Promise<number> {
  const { t, language, env } = context
  const setup = await readSetup(env.configDir, env.variables)
  const files = await listTenantFiles(setup.tenantsDir)
  for (const problem of setup.problems) context.say(`✖ ${problemText(problem, language)}`)
  const good = setup.tenants.map((one) => one.tenant)
  const off = setup.off.map((one) => one.tenant)
  const names = [...good, ...off.map((name) => t(`${name} (tắt)`, `${name} (off)`))]
  context.print({
    document: { ok: setup.problems.length === 0, files, tenants: good, off, problems: setup.problems },
    rows: setup.problems,
    table: t(
      `${files.length} tệp tenant, ${names.length} dùng được${names.length > 0 ? `: ${names.join(', ')}` : ''}; ${setup.loaded.plugins.length} loại dữ liệu, ${setup.loaded.connectors.length} bộ kết nối`,
      `${files.length} tenant files, ${names.length} good${names.length > 0 ? `: ${names.join(', ')}` : ''}; ${setup.loaded.plugins.length} entity types, ${setup.loaded.connectors.length} connectors`,
    ),
  })
  return setup.problems.length === 0 ? exitCode.ok : exitCode.failure
}

/** `config schema [--write]`: JSON Schema of the tenant files, for editors. Always the bare schema, so that it can be piped. */
export async function configSchema(
  context: CliContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { tenantJsonSchema } = await import('../../config/json-schema.ts')
  const { loaded } = await readSetup(context.env.configDir, context.env.variables)
  const schema = tenantJsonSchema(loaded)
  if (options['write'] !== true) {
    process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`)
    return exitCode.ok
  }
  const file = join(context.env.configDir, 'schema', 'tenant.schema.json')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`)
  context.print({ document: { file }, table: context.t(`Đã ghi ${file}`, `Wrote ${file}`) })
  return exitCode.ok
}

/** `config print [TENANT]`: what is in force, defaults filled in, secrets hidden. */
export async function configPrint(context: CliContext, [tenant]: readonly string[]): Promise<number> {
  const setup = await readSetup(context.env.configDir, context.env.variables)
  for (const problem of setup.problems) context.say(`✖ ${problemText(problem, context.language)}`)
  const chosen = tenant === undefined ? setup.tenants : [tenantNamed(setup, tenant)]
  const tenants = chosen.map(({ printable }) => redact(printable))
  const document = { configDir: context.env.configDir, runner: redact(setup.runner), tenants }
  if (context.output === 'table') {
    const { stringify } = await import('yaml')
    context.print({ document, table: stringify(document).trimEnd() })
  } else context.print({ document, rows: tenants, table: '' })
  return setup.problems.length === 0 ? exitCode.ok : exitCode.failure
}
