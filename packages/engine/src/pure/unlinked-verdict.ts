import {
  type Canonical,
  type EntityPlugin,
  type Message,
  type SystemId,
  decide,
  otherSide,
  reasons,
} from '@amis-sync/core'

type Settings = Readonly<Record<string, unknown>>

/** What the rules say of a record that has no twin, by what is known of it: a hold of the record itself, or the policy's reason. */
export function unlinkedVerdict(plugin: EntityPlugin, settings: Settings, side: SystemId, record: Canonical): Message {
  const context = { settings }
  const hold = plugin.handler?.hold?.(side, record, context)
  if (hold) return hold.text
  const { action, reason } = decide(plugin.policy, {
    from: side,
    to: otherSide(plugin, side),
    link: 'unlinked',
    event: 'seen',
    triggers: new Set(plugin.handler?.triggers?.(side, record, context) ?? []),
    pulledBy: new Set(),
  })
  return action === 'create' ? willGo : reasons[reason]
}

const willGo: Message = {
  vi: 'Theo quy tắc, bản ghi sẽ được gửi sang bên kia.',
  en: 'By the rules it will be sent to the other side.',
}
