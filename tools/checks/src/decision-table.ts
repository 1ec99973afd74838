import { type EntityPlugin, type LinkState, type Rule, decide, linkStates } from '@amis-sync/core'

/** Ways of asking that exist for every entity; facts of records and pulling entities come from the policies themselves. */
const askedFor = ['manual', 'first-sync', 'standardise']

function namesIn(rule: Rule): { triggers: string[]; pullers: string[] } {
  if (typeof rule === 'string') return { triggers: [], pullers: [] }
  if ('ifPulled' in rule) return { triggers: [], pullers: [...rule.ifPulled] }
  if ('onTrigger' in rule) return { triggers: [...rule.onTrigger], pullers: [] }
  const parts = rule.map(namesIn)
  return { triggers: parts.flatMap((part) => part.triggers), pullers: parts.flatMap((part) => part.pullers) }
}

interface Cause {
  readonly name: string
  readonly triggers: readonly string[]
  readonly pulledBy: readonly string[]
}

function causesOf(plugin: EntityPlugin): Cause[] {
  const rules = plugin.policy.directions.flatMap(({ create, update, link, deactivate, remove = 'never' }) => [
    create,
    update,
    link,
    deactivate,
    remove,
  ])
  const names = rules.map(namesIn)
  const triggers = new Set([...askedFor, ...names.flatMap((one) => one.triggers)])
  const pullers = new Set(names.flatMap((one) => one.pullers))
  return [
    { name: 'change', triggers: [], pulledBy: [] },
    ...[...triggers].sort().map((name) => ({ name, triggers: [name], pulledBy: [] })),
    ...[...pullers].sort().map((name) => ({ name: `pulled by ${name}`, triggers: [], pulledBy: [name] })),
  ]
}

function cell(
  plugin: EntityPlugin,
  from: string,
  to: string,
  event: 'seen' | 'deleted',
  link: LinkState,
  cause: Cause,
): string {
  const verdict = decide(plugin.policy, {
    from,
    to,
    event,
    link,
    triggers: new Set(cause.triggers),
    pulledBy: new Set(cause.pulledBy),
  })
  return `${verdict.action} (${verdict.reason})`
}

function tableOf(plugin: EntityPlugin): string[] {
  const lines = [`## ${plugin.id}`, '']
  for (const [from, to] of [plugin.sides, plugin.sides.toReversed() as [string, string]]) {
    lines.push(
      `### ${from} → ${to}`,
      '',
      `| event | cause | ${linkStates.join(' | ')} |`,
      `| --- | --- | ${linkStates.map(() => '---').join(' | ')} |`,
    )
    for (const event of ['seen', 'deleted'] as const) {
      for (const cause of causesOf(plugin)) {
        const cells = linkStates.map((link) => cell(plugin, from, to, event, link, cause))
        lines.push(`| ${event} | ${cause.name} | ${cells.join(' | ')} |`)
      }
    }
    lines.push('')
  }
  return lines
}

/** Every answer of `decide` for the given plugins, as the Markdown of docs/decision-table.md. */
export function decisionTable(plugins: readonly EntityPlugin[]): string {
  return [
    '# Decision table',
    '',
    'Generated from the plugins’ direction policies: `npx vitest run --project checks -u`. CI fails when it changes unseen.',
    'Rows: what happened and why; columns: what is known of the record’s twin; cells: action (reason).',
    '',
    ...plugins.flatMap(tableOf),
  ].join('\n')
}
