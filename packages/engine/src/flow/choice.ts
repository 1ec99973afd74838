import { type EntityPlugin, type Link, type Message, type RecordEdit, type SystemId, reasons } from '@amis-sync/core'
import { sortChoices } from '../pure/choices.ts'
import type { MergeInput } from '../pure/merge.ts'
import type { PluginView } from '../pure/plugin-view.ts'
import type { Bench } from './bench.ts'
import { withTrail } from './link-draft.ts'
import type { Group } from './observation.ts'

/** Fields by their names for people, in a list. */
export function labelsOf(plugin: EntityPlugin, fields: readonly string[]): Message {
  const list = (language: 'vi' | 'en') =>
    fields.map((name) => plugin.fields[name]?.labels?.[language] ?? name).join(', ')
  return { vi: list('vi'), en: list('en') }
}

/** A person's choices that a side has overtaken are taken back, and the record's story says so. */
export function settleChoices(bench: Bench, group: Group, input: MergeInput): Group {
  const { choices } = group.link
  if (!choices) return group
  const sorted = sortChoices(input.fields, choices, input.a, input.b)
  if (sorted.void.length === 0) return group
  const names = labelsOf(bench.view.plugin, sorted.void)
  const link = withTrail(dropChoices(group.link, sorted.valid), {
    at: bench.context.clock.now(),
    what: 'decide',
    why: 'CHOICE_VOID',
    fields: sorted.void,
    text: {
      vi: `${reasons.CHOICE_VOID.vi} (${names.vi})`,
      en: `${reasons.CHOICE_VOID.en} (${names.en})`,
    },
  })
  return { ...group, link }
}

function dropChoices({ choices: _choices, ...rest }: Link, left: NonNullable<Link['choices']> = {}): Link {
  return Object.keys(left).length > 0 ? { ...rest, choices: left } : rest
}

/** The conflict is over. */
export function withoutChoices(group: Group): Group {
  return group.link.choices ? { ...group, link: dropChoices(group.link) } : group
}

/** Who changed the record last at each side, and when, as far as the sides tell. */
export function editsOf({ plugin }: PluginView, { link, seen }: Group): Record<SystemId, RecordEdit> {
  return Object.fromEntries(
    plugin.sides.flatMap((side) => {
      const by = seen.get(side)?.record?.changedBy ?? link.sides[side]?.changedBy
      const at = seen.get(side)?.record?.version ?? link.sides[side]?.version
      const edit = { ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) }
      return Object.keys(edit).length > 0 ? [[side, edit]] : []
    }),
  )
}
