import type {
  Connection,
  ConnectionContext,
  Connector,
  ListsPages,
  ReadsByIds,
  ReadsChanges,
  ReadsDeletions,
  Receives,
  RecoversOutcomes,
  WritesRows,
} from '@amis-sync/core'
import { receiveCallback } from './callback.ts'
import { createCapabilities } from './capabilities.ts'
import { checkConnection } from './check.ts'
import { configSchema } from './config.ts'
import type { AccountingConfig } from './config.ts'
import { outcomesSince } from './error-list.ts'
import { createKnownCompanions } from './known-companions.ts'
import { createReader } from './reader.ts'
import { limits } from './resources.ts'
import { createSession } from './session.ts'
import { writeRows } from './writer.ts'

/** What an open accounting connection can do: everything but reading catalogue rows by id or code, which ACT has no call for. */
export type AccountingConnection = Connection &
  ListsPages &
  ReadsChanges &
  ReadsDeletions &
  ReadsByIds &
  WritesRows &
  RecoversOutcomes &
  Receives

const defaultOutcomeTimeoutMs = 60_000

/** Opens a connection of one tenant. Opens no socket by itself. */
export function openConnection(config: AccountingConfig, context: ConnectionContext): AccountingConnection {
  const { clock } = context
  const session = createSession(config, context)
  const capabilities = createCapabilities(config, session, clock)
  const reader = createReader(config, session, capabilities)
  const companions = createKnownCompanions((request) => reader.listPage(request), clock)
  const batchSize = config.batchSize ?? limits.dictionary
  let lastDeliveryAt: number | undefined

  return {
    system: 'accounting',
    ...(config.requestsPerMinute === undefined ? {} : { requestsPerMinute: config.requestsPerMinute }),
    check: () => checkConnection({ session, capabilities, config, clock, lastDeliveryAt }),
    capabilities: () => capabilities.probe(),
    close: () => session.close(),

    listPage: (request) => reader.listPage(request),
    get changeFeeds() {
      return reader.changeFeeds
    },
    changesPage: (request) => reader.changesPage(request),
    get readable() {
      return reader.readable
    },
    get absenceIsProof() {
      return reader.readable
    },
    readByIds: (resource, ids) => reader.readByIds(resource, ids),
    deletions: (resource) => reader.deletions(resource),

    batchSize,
    outcomes: 'later',
    writeRows: (writes) =>
      writeRows(writes, { batchSize, isOn: capabilities.isOn, session, companions, readByIds: reader.readByIds }),

    outcomeTimeoutMs: config.outcomeTimeoutMs ?? defaultOutcomeTimeoutMs,
    outcomesSince: (sinceMs) => outcomesSince(session, sinceMs, context),

    receive(delivery) {
      const received = receiveCallback(delivery, config)
      lastDeliveryAt = delivery.receivedAt
      return received
    },
  }
}

/** AMIS Accounting ("ACT"), contract §2. */
export const connector: Connector<AccountingConfig> = {
  id: 'amis-accounting',
  version: '0.1.0',
  system: 'accounting',
  labels: { vi: 'AMIS Kế toán', en: 'AMIS Accounting' },
  configSchema,
  open: openConnection,
}
