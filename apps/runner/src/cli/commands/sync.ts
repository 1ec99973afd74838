import type { EntityPlugin } from '@amis-sync/core'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { usageError } from '../usage-error.ts'
import { readSetup } from '../../setup.ts'
import { entityNamed, withHelper } from '../session.ts'
import { syncFigures } from './sync-figures.ts'
import { textTable } from '../text-table.ts'

/** `sync TENANT ENTITY [--key …|--all] [--from …]`: records by hand (CU5, CG4, PR3, SO3). */
export async function sync(
  context: CliContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const [tenant, entity] = args as [string, string]
  const keys = options['key'] as readonly string[] | undefined
  const seconds = Number(options['wait'])
  const figure = keys === undefined ? await figureNamed(context, entity) : undefined
  if (figure) return syncFigures(context, tenant, figure, options['confirmMissing'] === true)
  if ((keys === undefined) === (options['all'] !== true)) {
    throw usageError('Hãy cho --key MÃ… hoặc --all, và chỉ một trong hai', 'Give either --key CODE… or --all')
  }
  if (!(seconds > 0)) throw usageError('--wait phải là số giây lớn hơn 0', '--wait must be a number of seconds above 0')
  return withHelper(context, tenant, async (runner, setup) => {
    const plugin = entityNamed(setup, entity)
    const from = (options['from'] as string | undefined) ?? (plugin.sides.includes('crm') ? 'crm' : plugin.sides[0])
    if (!plugin.sides.includes(from)) {
      const sides = plugin.sides.join(', ')
      throw usageError(
        `"${entity}" không có ở "${from}"; có ở: ${sides}`,
        `"${entity}" is not at "${from}"; it is at: ${sides}`,
        'SYSTEM_UNKNOWN',
      )
    }
    const { sync: result } = await runner.ask(
      tenant,
      'sync',
      { entity, from, waitMs: seconds * 1000, ...(keys ? { keys } : {}) },
      { signal: context.signal },
    )
    const { t, language } = context
    const { requested, unknown, quiet, problems } = result!
    const lines = [
      t(
        `Đã yêu cầu ${requested} bản ghi ${plugin.labels.vi} từ ${from}`,
        `Asked for ${requested} × ${plugin.labels.en} from ${from}`,
      ),
    ]
    if (unknown.length > 0)
      lines.push(t(`Không tìm thấy mã: ${unknown.join(', ')}`, `Codes that are not there: ${unknown.join(', ')}`))
    if (!quiet)
      lines.push(
        t('Chưa xong hết trong thời gian chờ; việc vẫn chạy tiếp', 'Not everything is done yet; the work goes on'),
      )
    if (problems.length > 0) {
      const rows = problems.map((one) => [
        one.key ?? one.id ?? '',
        one.state,
        one.failure?.code ?? '',
        one.failure?.[language] ?? '',
      ])
      lines.push(
        '',
        textTable([t('Bản ghi', 'Record'), t('Trạng thái', 'State'), t('Mã lỗi', 'Code'), t('Lý do', 'Why')], rows),
      )
    }
    context.print({ document: { tenant, entity, from, ...result }, rows: problems, table: lines.join('\n') })
    return unknown.length > 0 || problems.length > 0 ? exitCode.someFailed : exitCode.ok
  })
}

/** The figure plugin of that name: its figures are read all at once, so neither codes nor `--all` are asked for. */
async function figureNamed(context: CliContext, entity: string): Promise<EntityPlugin | undefined> {
  const { loaded } = await readSetup(context.env.configDir, context.env.variables)
  return loaded.plugins.find(({ id, figure }) => id === entity && figure)
}
