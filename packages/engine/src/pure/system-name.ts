import type { Message, SystemId } from '@amis-sync/core'

/** What people call the systems: labels of the connectors that are loaded. */
export type SystemNames = Readonly<Record<SystemId, Message>>

export function systemName(names: SystemNames, system: SystemId): Message {
  return names[system] ?? { vi: system, en: system }
}
