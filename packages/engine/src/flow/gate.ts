import { type EntityPlugin, type Link, decide, otherSide } from '@amis-sync/core'
import type { GateProblem } from '../engine-types.ts'
import { openSuggestions } from '../matching/suggestions.ts'
import { matchTexts } from '../pure/plugin-view.ts'
import type { StepHost } from './first-sync.ts'
import { lastKnown } from './gather.ts'
import { learn } from './learn.ts'
import { inOrder, recordAt } from './twins.ts'
import { settingsOf } from './tenant-context.ts'

/**
 * C1: a tenant converted from SME.NET or an older Accounting must have its units and employees in step with System before CRM is
 * connected. What would have to be created, or is in doubt, is missing; what is paired already, or never travels, is not.
 */
export async function gateProblems(host: StepHost): Promise<GateProblem[]> {
  const problems: GateProblem[] = []
  for (const plugin of host.context.plugins.filter((one) => one.firstSync.step === 1)) {
    await learn(host, plugin)
    let after: string | undefined
    for (;;) {
      const side = plugin.firstSync.directions[0]!.from
      const links = await host.context.store.links.page(plugin.id, {
        limit: 200,
        only: side,
        ...(after === undefined ? {} : { after }),
      })
      problems.push(...(await missingOf(host, plugin, links)))
      after = links.at(-1)?.id
      if (links.length < 200) break
    }
  }
  return problems
}

async function missingOf(host: StepHost, plugin: EntityPlugin, links: readonly Link[]): Promise<GateProblem[]> {
  const { context } = host
  const view = context.views.get(plugin.id)!
  const from = plugin.firstSync.directions[0]!.from
  const to = otherSide(plugin, from)
  const byCode = `${to}|code=`
  const all = (link: Link) => matchTexts(plugin, to, lastKnown(view, link, from))
  // Where a person confirms the pairs, one code is a suggestion; elsewhere the first sync links by it (contract §4.1).
  const texts = (link: Link) => all(link).filter((text) => !plugin.matching?.confirmed || !text.startsWith(byCode))
  const twins = await context.store.links.findUnlinked(plugin.id, links.flatMap(all))
  await context.decisions.load(() => openSuggestions(context.store, context.plugins))
  const isTwin = (link: Link, text: string) =>
    twins.some(
      (twin) =>
        twin.match?.includes(text) === true &&
        !context.decisions.isRejected(plugin.id, inOrder(view, recordAt(link, from), recordAt(twin, to))),
    )
  return links.flatMap((link): GateProblem[] => {
    const at = link.sides[from]!
    const record = lastKnown(view, link, from)
    if (at.gone || (plugin.activeField !== undefined && record[plugin.activeField] === false)) return []
    const facts = plugin.handler?.triggers?.(from, record, { settings: settingsOf(context, plugin) }) ?? []
    const matched = texts(link).some((text) => isTwin(link, text))
    const verdict = decide(plugin.policy, {
      from,
      to,
      link: matched ? 'candidate' : 'unlinked',
      event: 'seen',
      triggers: new Set([...facts, 'first-sync']),
      pulledBy: new Set(),
    })
    if (verdict.action !== 'create') return []
    return [
      {
        entity: plugin.id,
        code: at.key ?? at.id,
        name: typeof record.name === 'string' ? record.name : '',
        what: all(link).some((text) => isTwin(link, text)) ? unpaired(plugin) : missing(plugin),
      },
    ]
  })
}

function missing({ labels }: EntityPlugin): GateProblem['what'] {
  return {
    vi: `${labels.vi} chưa có trên AMIS Kế toán`,
    en: `${labels.en} is not in AMIS Accounting yet`,
  }
}

function unpaired({ labels }: EntityPlugin): GateProblem['what'] {
  return {
    vi: `${labels.vi} trùng mã trên AMIS Kế toán nhưng chưa được ghép cặp`,
    en: `${labels.en}: AMIS Accounting has one of this code, which nobody has paired with it yet`,
  }
}
