import { flowPicture } from '@amis-sync/engine'
import type { FlowPicture } from '@amis-sync/engine'
import { flowDocument } from '../../flow/flow-document.ts'
import { flowMermaid } from '../../flow/flow-mermaid.ts'
import { flowSvg } from '../../flow/flow-svg.ts'
import { arrowNote, arrowTexts, entityName, inLanguage, systemName } from '../../flow/flow-text.ts'
import type { TenantConfig } from '../../config/tenant-config.ts'
import type { LoadedPackages } from '../../plugins/load-packages.ts'
import { exitCode } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { openSession, tenantNamed } from '../session.ts'
import { textTable } from '../text-table.ts'

/** `flow TENANT --output svg|mermaid|json|table`: what flows between the systems, from plugins and settings (FL1). */
export async function flow(
  context: CliContext,
  [tenant = '']: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const session = await openSession(context)
  try {
    const config = tenantNamed(session.setup, tenant)
    const { off = {} } = (await session.store.forTenant(config.tenant).state()) ?? {}
    const picture = pictureOf(config, session.setup.loaded, Object.keys(off))
    const text = (): string => {
      if (options['output'] === 'svg') return flowSvg(config.name, picture, context.language).trimEnd()
      if (options['output'] === 'mermaid') return flowMermaid(picture, context.language)
      return flowTable(context, picture)
    }
    context.print({ document: flowDocument(config.tenant, picture), rows: picture.arrows, table: text() })
    return exitCode.ok
  } finally {
    await session.close()
  }
}

/** The tenant's picture, where `off` is what its systems do not offer. */
export function pictureOf(config: TenantConfig, loaded: LoadedPackages, off: readonly string[] = []): FlowPicture {
  return flowPicture({
    plugins: loaded.plugins,
    systems: loaded.connectors.map(({ system, labels }) => ({ id: system, labels })),
    enabled: config.settings.enabled,
    off: new Set(off),
    settings: config.settings.plugins,
  })
}

function flowTable({ t, language }: CliContext, picture: FlowPicture): string {
  const head = [
    t('Dữ liệu', 'Data'),
    t('Mũi tên', 'Arrow'),
    t('Từ', 'From'),
    t('Đến', 'To'),
    t('Khi nào, gồm gì', 'When, what'),
  ]
  const rows = picture.arrows.map((arrow) => {
    const { kind, from, to } = arrow
    const what = kind === 'made-from' ? entityName(picture, from.entity, language) : arrowNote(picture, arrow, language)
    const systems = [from, to].map(({ system }) => systemName(picture, system, language))
    return [entityName(picture, to.entity, language), inLanguage(arrowTexts[kind].name, language), ...systems, what]
  })
  return textTable(head, rows)
}
