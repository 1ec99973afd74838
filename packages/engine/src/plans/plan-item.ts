import { type Link, type Message, type SystemId, otherSide } from '@amis-sync/core'
import type { PluginView } from '../pure/plugin-view.ts'
import type { Group, Judgement, PlannedWrite } from '../flow/observation.ts'
import type { PlanAction, PlanItem, PlanReason } from './plan-types.ts'
import { printOfWrite } from './prints.ts'

type Keep = Extract<Judgement, { kind: 'keep' }>

const inStep: PlanReason = {
  code: 'IN_STEP',
  vi: 'Hai bên đã khớp nhau, không có gì để gửi.',
  en: 'Both sides agree already; there is nothing to send.',
}

export function groupOf(judgement: Judgement): Group {
  return judgement.kind === 'write' ? judgement.write.group : judgement.group
}

/** The id of the link that a judgement is about; where a record becomes part of another link, of that one. */
export function linkIdOf(judgement: Judgement): string {
  if (judgement.kind === 'write') return judgement.write.entry.link.id
  return (judgement.link ?? judgement.group.link).id
}

/** A judgement as people and files have it. Pure. */
export function itemOf(view: PluginView, judgement: Judgement): PlanItem {
  return judgement.kind === 'write' ? itemOfWrite(view, judgement.write) : itemOfKeep(view, judgement)
}

function itemOfWrite(view: PluginView, { entry, group, fields, later }: PlannedWrite): PlanItem {
  const to = entry.system
  const from = otherSide(view.plugin, to)
  const links = entry.replaces !== undefined
  const actions = { create: 'create', update: 'update', delete: 'remove' } as const
  const line = entry.link.trail.findLast(({ what }) => (links ? what === 'link' : true))
  return {
    ...placeOf(group, from, to),
    id: entry.link.id,
    action: actions[entry.write.operation],
    reason: reasonOf(line?.why, line?.text) ?? inStep,
    ...(links ? { links } : {}),
    ...(fields ? { fields } : {}),
    ...(later ? { later: later.fields } : {}),
    ...pulledBy(group, from),
    versions: versionsOf(group),
    print: printOfWrite(to, entry.write),
  }
}

function itemOfKeep({ plugin }: PluginView, judgement: Keep): PlanItem {
  const { group, settle, counts, link, replaces, needed = [] } = judgement
  const from = [...group.seen].find(([, { observed }]) => observed)?.[0] ?? Object.keys(group.link.sides)[0]!
  const links = replaces !== undefined
  const action = actionOf(judgement)
  return {
    ...placeOf(group, from, otherSide(plugin, from)),
    id: (link ?? group.link).id,
    action,
    reason: keptFor(judgement, action),
    ...(links && counts === 'linked' ? { links } : {}),
    ...(settle.state === 'conflict' && settle.conflict.length > 0
      ? { conflict: settle.conflict.map(({ field, values, base }) => ({ field, values, base })) }
      : {}),
    ...pulledBy(group, from),
    ...(needed.length > 0 ? { needs: [...needed].sort() } : {}),
    versions: versionsOf(group),
  }
}

function actionOf({ settle, counts }: Keep): PlanAction {
  if (settle.state === 'conflict') return 'conflict'
  if (counts === 'waiting') return 'wait'
  if (counts === 'failed') return 'fail'
  return counts === 'linked' ? 'link' : 'skip'
}

function keptFor({ group, settle, link }: Keep, action: PlanAction): PlanReason {
  if ('failure' in settle && settle.failure) {
    const { code, vi, en } = settle.failure
    return { code, vi, en }
  }
  const told: Link = link ?? group.link
  if (action === 'skip' && told.linked && !Object.values(told.sides).some((side) => side?.gone)) return inStep
  const line = told.trail.findLast(({ what }) => (action === 'link' ? what === 'link' : true))
  return reasonOf(line?.why, line?.text) ?? inStep
}

function reasonOf(code: string | undefined, text: Message | undefined): PlanReason | undefined {
  return code === undefined || text === undefined ? undefined : { code, vi: text.vi, en: text.en }
}

function placeOf(group: Group, from: SystemId, to: SystemId) {
  const seen = group.seen.get(from)
  const at = group.link.sides[from] ?? Object.values(group.link.sides)[0]!
  const key = seen?.record?.key ?? at.key
  const name = seen?.value?.['name'] ?? group.link.base?.['name'] ?? group.seen.get(to)?.value?.['name']
  return {
    entity: group.link.entity,
    from,
    to,
    resource: at.resource,
    recordId: at.id,
    ...(key === undefined ? {} : { key }),
    ...(typeof name === 'string' ? { name } : {}),
  }
}

function pulledBy(group: Group, from: SystemId): Pick<PlanItem, 'pulledBy'> {
  const pullers = [...(group.seen.get(from)?.pulledBy ?? [])].sort()
  return pullers.length > 0 ? { pulledBy: pullers } : {}
}

function versionsOf({ seen, link }: Group): Record<SystemId, string> {
  const sides = new Set([...seen.keys(), ...Object.keys(link.sides)])
  return Object.fromEntries(
    [...sides].sort().flatMap((side) => {
      const version = seen.get(side)?.record?.version ?? link.sides[side]?.version
      return version === undefined ? [] : [[side, version]]
    }),
  )
}
