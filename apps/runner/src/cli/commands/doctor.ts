import { access, constants, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { CheckResult } from '@amis-sync/core'
import { toFailure } from '@amis-sync/core'
import { silentLogger } from '../../adapters/pino-logger.ts'
import { systemRandom } from '../../adapters/random.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import type { TenantConfig } from '../../config/tenant-config.ts'
import { readSetup } from '../../setup.ts'
import type { Setup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { openDatabase, tenantNamed } from '../session.ts'

/** A check, and what was checked: `node`, `database`, `acme/crm`. */
interface Finding extends CheckResult {
  readonly about: string
}

const good = (about: string, code: string, vi: string, en: string): Finding => ({
  about,
  code,
  ok: true,
  meaning: { vi, en },
})

const bad = (about: string, error: unknown): Finding => {
  const { code, vi, en } = toFailure(error)
  return { about, code, ok: false, meaning: { vi, en } }
}

/** `doctor [TENANT]`: each problem with a code, what it means and how to mend it (C12). Changes nothing at any system. */
export async function doctor(context: CliContext, [tenant]: readonly string[]): Promise<number> {
  const { env } = context
  const findings: Finding[] = [
    good('node', 'OK_NODE', `Node ${process.version}`, `Node ${process.version}`),
    await dataFolder(env.dataDir),
  ]
  let setup: Setup | undefined
  try {
    setup = await readSetup(env.configDir, env.variables)
    findings.push(...configFindings(setup))
  } catch (error) {
    findings.push(bad('config', error))
  }
  if (setup) {
    const chosen = tenant === undefined ? setup.tenants : [tenantNamed(setup, tenant)]
    const { http } = setup.runner
    findings.push(await port(http.host, env.port ?? http.port), await database(context, setup))
    for (const one of await Promise.all(chosen.map(connections))) findings.push(...one)
  }
  const ok = findings.every((finding) => finding.ok)
  context.print({
    document: { ok, findings },
    rows: findings,
    table: findings.map((one) => describe(context, one)).join('\n'),
  })
  return ok ? exitCode.ok : exitCode.failure
}

function describe({ language }: CliContext, { about, ok, code, meaning, remedy }: Finding): string {
  const head = `${ok ? '✓' : '✖'} ${about}: ${meaning[language]}${ok ? '' : ` [${code}]`}`
  return remedy ? `${head}\n    → ${remedy[language]}` : head
}

async function dataFolder(folder: string): Promise<Finding> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return good('data', 'OK_DATA_FOLDER', `Ghi được vào ${folder}`, `${folder} can be written`)
  } catch {
    return {
      about: 'data',
      code: 'DATA_FOLDER_READ_ONLY',
      ok: false,
      meaning: { vi: `Không ghi được vào ${folder}`, en: `${folder} cannot be written` },
      remedy: { vi: 'Hãy cấp quyền ghi, hoặc đặt AMIS_SYNC_DATA', en: 'Allow writing, or set AMIS_SYNC_DATA' },
    }
  }
}

function configFindings(setup: Setup): Finding[] {
  const { tenants, off, loaded, problems } = setup
  return [
    good(
      'config',
      'OK_CONFIG',
      `${tenants.length} tenant, ${loaded.plugins.length} loại dữ liệu, ${loaded.connectors.length} bộ kết nối`,
      `${tenants.length} tenants, ${loaded.plugins.length} entity types, ${loaded.connectors.length} connectors`,
    ),
    ...off.map(({ tenant, file }) =>
      good(
        'config',
        'OK_TENANT_OFF',
        `"${tenant}" đang tắt (enabled: false trong ${file})`,
        `"${tenant}" is switched off (enabled: false in ${file})`,
      ),
    ),
    ...problems.map(({ file, line, column, what, remedy }) => ({
      about: 'config',
      code: 'CONFIG_INVALID',
      ok: false,
      meaning: { vi: `${file}:${line}:${column}: ${what.vi}`, en: `${file}:${line}:${column}: ${what.en}` },
      remedy,
    })),
  ]
}

/** Free, or in use by a runner of ours. */
async function port(host: string, number: number): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(number, host, () => server.close(() => resolve(true)))
  })
  if (free) return good('port', 'OK_PORT_FREE', `Cổng ${number} còn trống`, `Port ${number} is free`)
  const ours = await fetch(`http://${host}:${number}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    async (answer) => answer.ok && (await answer.text()).includes('"ok"'),
    () => false,
  )
  if (ours)
    return good('port', 'OK_RUNNER', `Một runner đang chạy ở cổng ${number}`, `A runner answers at port ${number}`)
  return {
    about: 'port',
    code: 'PORT_IN_USE',
    ok: false,
    meaning: {
      vi: `Cổng ${number} đang được chương trình khác dùng`,
      en: `Port ${number} is in use by another program`,
    },
    remedy: { vi: 'Hãy tắt chương trình đó, hoặc đặt AMIS_SYNC_PORT', en: 'Stop that program, or set AMIS_SYNC_PORT' },
  }
}

async function database(context: CliContext, setup: Setup): Promise<Finding> {
  try {
    const opened = await openDatabase(context, setup)
    try {
      const { createMongoStore } = await import('@amis-sync/store-mongodb')
      const store = await createMongoStore({ uri: opened.uri, database: opened.name })
      const embedded = context.env.mongoUri === undefined && setup.runner.database.uri === undefined
      const skew = Math.abs((await store.store.leases.serverTime()) - Date.now())
      await store.close()
      return good(
        'database',
        'OK_DATABASE',
        `${embedded ? 'Cơ sở dữ liệu nhúng' : 'MongoDB'} trả lời, lệch giờ ${Math.round(skew / 1000)} giây`,
        `${embedded ? 'The embedded database' : 'MongoDB'} answers, clocks differ by ${Math.round(skew / 1000)} s`,
      )
    } finally {
      await opened.close()
    }
  } catch (error) {
    return bad('database', error)
  }
}

async function connections(config: TenantConfig): Promise<Finding[]> {
  const findings = [...config.connections].map(async ([system, { connector, config: own }]) => {
    const about = `${config.tenant}/${system}`
    const context = { tenant: config.tenant, clock: systemClock, random: systemRandom, logger: silentLogger }
    try {
      const connection = connector.open(own, context)
      try {
        return (await connection.check()).map((result) => ({ about, ...result }))
      } finally {
        await connection.close()
      }
    } catch (error) {
      return [bad(about, error)]
    }
  })
  return (await Promise.all(findings)).flat()
}
