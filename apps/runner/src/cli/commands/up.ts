import { join, relative } from 'node:path'
import { createTenantReader } from '@amis-sync/engine'
import type { TenantStatus } from '@amis-sync/engine'
import { openEmbeddedDatabase } from '../../adapters/embedded-database.ts'
import { createLogger } from '../../adapters/pino-logger.ts'
import { moveDemoOrigin, prepareDemoFiles } from '../../demo/demo-files.ts'
import { demoGuide, demoSamples } from '../../demo/demo-guide.ts'
import { startDemoSandbox } from '../../demo/demo-sandbox.ts'
import { startRunner } from '../../runner.ts'
import type { Runner } from '../../runner.ts'
import { requireSetup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { createProgressView } from '../first-sync-progress.ts'
import { databaseFolder } from '../session.ts'
import { textTable } from '../text-table.ts'
import { stopped } from './run.ts'

const tenant = 'demo'
/** How long `--once` waits for the last outcomes after the three steps, milliseconds. */
const quietWithinMs = 60_000

/** `up`: embedded database, simulated systems and the demo company, connected by itself; `--once` ends when everything is quiet. */
export async function up(
  context: CliContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const once = options['once'] === true
  const { env, t } = context
  const startedAt = performance.now()
  const closers: (() => Promise<void>)[] = []
  try {
    const logger = await createLogger(once ? 'error' : 'warn', { pretty: context.fancy })
    const prepared = await prepareDemoFiles(env.dataDir)
    const sandbox = await startDemoSandbox(join(env.dataDir, 'sandbox'), prepared.origin)
    closers.push(sandbox.close)
    const files = await moveDemoOrigin(prepared, sandbox.url)
    context.say(t(`Hệ thống mô phỏng · Simulated systems: ${sandbox.url}`, `Simulated systems: ${sandbox.url}`))

    const embedded =
      env.mongoUri === undefined ? await openEmbeddedDatabase(databaseFolder(context), logger) : undefined
    if (embedded) closers.push(embedded.close)
    const database = embedded ? short(databaseFolder(context)) : 'MONGODB_URI'
    if (embedded)
      context.say(t(`Cơ sở dữ liệu nhúng · Embedded database: ${database}`, `Embedded database: ${database}`))

    const setup = await requireSetup(files.configDir, env.variables)
    const runner = await startRunner({
      configDir: files.configDir,
      variables: env.variables,
      mongoUri: env.mongoUri ?? embedded!.uri,
      database: setup.runner.database.name,
      host: setup.runner.http.host,
      port: env.port ?? (once ? 0 : setup.runner.http.port),
      logger,
    })
    closers.push(runner.close)
    await sandbox.deliverTo(runner.url, files.webhookSecret)

    const failed = await firstSync(context, runner)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    if (context.signal.aborted || failed === undefined) return exitCode.failure
    if (once) return await finish(context, runner, sandbox.url)
    const counts = await statusOf(runner)
    context.print({
      document: { ...counts, url: runner.url, sandbox: sandbox.url },
      table: countsTable(context, counts),
    })
    const places = {
      sandbox: sandbox.url,
      runner: runner.url,
      database,
      tenantFile: short(files.tenantFile),
      command: `${env.variables['AMIS_SYNC_DATA'] ? `AMIS_SYNC_DATA=${short(env.dataDir)} ` : ''}AMIS_SYNC_CONFIG=${short(files.configDir)} npx amis-sync`,
    }
    context.say(t(`Xong sau ${seconds} giây · Done in ${seconds} s`, `Done in ${seconds} s`))
    context.say(demoGuide(places, await demoSamples(sandbox.url), context.language))
    await stopped(context.signal)
    context.say(t('Đang dừng · Stopping', 'Stopping'))
    return exitCode.ok
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

/** A path as it is typed here. */
function short(path: string): string {
  const from = relative(process.cwd(), path)
  return from.startsWith('..') ? path : from
}

/** The three steps; answers how many records failed, or undefined when the gate refused. */
async function firstSync(context: CliContext, runner: Runner): Promise<number | undefined> {
  if (!runner.engineOf(tenant)) {
    context.say(
      context.t(
        'Lần chạy trước kết thúc đột ngột; chờ quyền của nó hết hạn (tối đa 15 giây) · The last run ended abruptly; its lease runs out within 15 s',
        'The last run ended abruptly; its lease runs out within 15 s',
      ),
    )
  }
  context.say(context.t('Đồng bộ lần đầu, ba bước · First sync, three steps', 'First sync, three steps'))
  const view = createProgressView(context)
  const { connect } = await runner.ask(tenant, 'connect', {}, { onProgress: view.show, signal: context.signal })
  view.end()
  if (connect?.state !== 'refused') return connect?.failed ?? 0
  for (const one of connect.missing)
    context.say(`✖ ${one.entity} ${one.code} ${one.name}: ${one.what[context.language]}`)
  return undefined
}

function statusOf(runner: Runner): Promise<TenantStatus> {
  return createTenantReader(runner.store.forTenant(tenant), runner.loaded.plugins).status()
}

async function finish(context: CliContext, runner: Runner, sandbox: string): Promise<number> {
  const quiet = (await runner.engineOf(tenant)?.quiet(quietWithinMs)) ?? false
  const status = await statusOf(runner)
  const troubled = (names: readonly ('failed' | 'blocked' | 'parked' | 'conflict')[]) =>
    status.entities.reduce((all, { work }) => all + names.reduce((sum, name) => sum + (work[name] ?? 0), 0), 0)
  const failed = troubled(['failed', 'blocked', 'parked'])
  const conflicts = troubled(['conflict'])
  const { t } = context
  const notes = [
    quiet ? '' : t('Chưa yên hết trong thời gian chờ', 'Not everything came to rest in time'),
    failed > 0 ? t(`${failed} bản ghi lỗi, cần người xử lý`, `${failed} records failed and need a person`) : '',
    conflicts > 0 ? t(`${conflicts} xung đột, cần người quyết định`, `${conflicts} conflicts, a person decides`) : '',
  ].filter((one) => one !== '')
  context.print({
    document: { ...status, quiet, failed, conflicts, sandbox },
    rows: status.entities,
    table: [countsTable(context, status), ...notes].join('\n'),
  })
  if (!quiet) return exitCode.failure
  return failed > 0 ? exitCode.someFailed : exitCode.ok
}

function countsTable({ t }: CliContext, { entities }: TenantStatus): string {
  const sum = (counts: Readonly<Record<string, number | undefined>>) =>
    Object.values(counts).reduce<number>((all, one) => all + (one ?? 0), 0)
  const rows = entities.map(({ entity, links, work }) => [
    entity,
    links.linked,
    sum(links.only),
    work.waiting ?? 0,
    (work.failed ?? 0) + (work.blocked ?? 0) + (work.parked ?? 0),
    work.conflict ?? 0,
  ])
  const head = [t('Loại', 'Type'), t('Liên kết', 'Linked'), t('Một bên', 'One side')]
  return textTable([...head, t('Chờ', 'Waiting'), t('Lỗi', 'Failed'), t('Xung đột', 'Conflict')], rows)
}
