import { isSyncError } from '@amis-sync/core'
import type { Capability, Clock, Row } from '@amis-sync/core'
import { capabilityFlags } from './config.ts'
import type { AccountingConfig, CapabilityFlag } from './config.ts'
import type { Session } from './session.ts'

const dayMs = 86_400_000

/** How a flag is probed, without side effect (contract §6.1). The others are told by config, or taken as given. */
const probes: Partial<Record<CapabilityFlag, { readonly name: string; readonly body: Row }>> = {
  voucherState: { name: 'get_voucher_state', body: { list_org_refid: [] } },
  groups: { name: 'get_dictionary', body: probeBody(101) },
  categories: { name: 'get_dictionary', body: probeBody(102) },
  pricePolicies: { name: 'get_dictionary', body: probeBody(103) },
}

function probeBody(type: number): Row {
  return { data_type: type, branch_id: null, skip: 0, take: 1, last_sync_time: null }
}

/** Answers that mean "not here"; every other failure says nothing about the capability. */
const absent: ReadonlySet<string> = new Set(['ACCOUNTING_FUNCTION_UNKNOWN', 'ACCOUNTING_CALL_REFUSED'])

/** What this deployment can do. */
export interface Capabilities {
  /** By config, else by the latest probe, else yes. */
  isOn(flag: string | undefined): boolean
  /** Probes what is due (first call, then daily). Throws `SyncError`s of the connection itself. */
  probe(): Promise<readonly Capability[]>
}

export function createCapabilities(config: AccountingConfig, session: Session, clock: Clock): Capabilities {
  let probed: ReadonlyMap<string, boolean> = new Map()
  let probedAt: number | undefined
  let running: Promise<void> | undefined

  const told = (flag: CapabilityFlag): boolean | undefined => config.capabilities?.[flag]

  const probeAll = async (): Promise<void> => {
    const found = new Map<string, boolean>()
    for (const flag of capabilityFlags) {
      const probe = probes[flag]
      if (probe === undefined || told(flag) !== undefined) continue
      try {
        await session.read(probe.name, probe.body)
        found.set(flag, true)
      } catch (error) {
        if (!isSyncError(error) || !absent.has(error.code)) throw error
        found.set(flag, false)
      }
    }
    probed = found
    probedAt = clock.now()
  }

  return {
    isOn: (flag) => flag === undefined || (told(flag as CapabilityFlag) ?? probed.get(flag) ?? true),
    async probe() {
      if (probedAt === undefined || clock.now() - probedAt >= dayMs) {
        running ??= probeAll().finally(() => (running = undefined))
        await running
      }
      return capabilityFlags.map((flag) => ({
        flag,
        on: told(flag) ?? probed.get(flag) ?? true,
        source: told(flag) !== undefined ? 'config' : probed.has(flag) ? 'probe' : 'default',
        assumed: true,
      }))
    },
  }
}
