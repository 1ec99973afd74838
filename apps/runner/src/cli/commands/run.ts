import { createLogger } from '../../adapters/pino-logger.ts'
import { openEmbeddedDatabase } from '../../adapters/embedded-database.ts'
import { startRunner } from '../../runner.ts'
import { requireSetup } from '../../setup.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { databaseFolder } from '../session.ts'

/** `run`: worker and HTTP, until SIGTERM or SIGINT. */
export async function run(context: CliContext): Promise<number> {
  const { env, t } = context
  const setup = await requireSetup(env.configDir, env.variables)
  const { http, log, database } = setup.runner
  const logger = await createLogger(log.level, { pretty: context.fancy })
  const uri = env.mongoUri ?? database.uri
  const embedded = uri === undefined ? await openEmbeddedDatabase(databaseFolder(context), logger) : undefined
  if (embedded) {
    const folder = databaseFolder(context)
    context.say(
      t(
        `Dùng cơ sở dữ liệu nhúng ở ${folder} (đặt MONGODB_URI để dùng MongoDB)`,
        `Using the embedded database in ${folder} (set MONGODB_URI to use a MongoDB)`,
      ),
    )
  }
  try {
    const runner = await startRunner({
      configDir: env.configDir,
      variables: env.variables,
      mongoUri: uri ?? embedded!.uri,
      database: database.name,
      host: http.host,
      port: env.port ?? http.port,
      logger,
      ...timing(env.variables),
    })
    const tenants = [...runner.tenants().keys()]
    logger.info('runner ready', { url: runner.url, holder: runner.holder, tenants: tenants.length })
    context.print({
      document: { url: runner.url, holder: runner.holder, tenants },
      table: t(
        `Runner sẵn sàng ở ${runner.url}, ${tenants.length} tenant`,
        `Runner ready at ${runner.url}, ${tenants.length} tenants`,
      ),
    })
    if (tenants.length === 0) {
      context.say(
        t(
          `Chưa có tenant nào đang bật: chép một tệp mẫu trong ${env.configDir}/tenants, sửa rồi đặt enabled: true; runner sẽ tự nhận`,
          `No tenant is switched on: copy an example in ${env.configDir}/tenants, edit it and set enabled: true; the runner picks it up`,
        ),
      )
    }
    await stopped(context.signal)
    context.say(t('Đang dừng; nhấn Ctrl-C lần nữa để dừng ngay', 'Stopping; press Ctrl-C again to stop at once'))
    await runner.close()
    return exitCode.ok
  } finally {
    await embedded?.close()
  }
}

/** `AMIS_SYNC_LEASE_MS`, `AMIS_SYNC_POLL_MS`: shorter times for trials. */
function timing(variables: Readonly<Record<string, string | undefined>>): { leaseTtlMs?: number; pollMs?: number } {
  const lease = Number(variables['AMIS_SYNC_LEASE_MS'])
  const poll = Number(variables['AMIS_SYNC_POLL_MS'])
  return { ...(lease > 0 ? { leaseTtlMs: lease } : {}), ...(poll > 0 ? { pollMs: poll } : {}) }
}

/** Resolves when the process is asked to stop. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
