import type { LocalSandbox } from '@amis-sync/sandbox'

export type SystemName = 'system' | 'crm' | 'accounting'

/** A row as the simulated systems show it. */
export type AnyRow = Readonly<Record<string, unknown>>

const secret = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='
const base = 'http://systems.invalid'

/** Sections `connections.<system>` of the tenant file. */
export const connectionConfigs: Readonly<Record<SystemName, AnyRow>> = {
  system: { baseUrl: base, clientId: 'demo', clientSecret: 'demo-system-secret', webhookSecret: secret },
  crm: { baseUrl: base, clientId: 'demo', clientSecret: 'demo-crm-secret', webhookSecret: secret },
  accounting: {
    baseUrl: base,
    appId: 'demo-app',
    accessCode: 'demo-access',
    orgCompanyCode: 'demo',
    outcomeTimeoutMs: 5_000,
  },
}

const receiver = 'http://runner.invalid'

/** The system that a delivery comes from. */
export function senderOf(url: string): SystemName {
  const name = url.split('/').at(-1)
  if (name === 'system' || name === 'crm' || name === 'accounting') return name
  throw new Error(`no receiver at ${url}`)
}

/** Tables that the admin interface calls by another name than the connector (contract §5.3). */
const adminNames: Readonly<Record<string, string>> = {
  InventoryItemCategories: 'Categories',
  InventoryBalances: 'Balances',
}

/** The three systems as a person and as their operator see them. */
export class Systems {
  readonly sandbox: LocalSandbox

  constructor(sandbox: LocalSandbox) {
    this.sandbox = sandbox
  }

  async operate(method: string, path: string, body?: unknown): Promise<AnyRow> {
    const answer = await this.sandbox.admin(method, path, body)
    if (answer.ok !== true) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }

  async deliverToRunner(): Promise<void> {
    await this.operate('PUT', '/delivery', {
      crmWebhook: { url: `${receiver}/crm`, secret },
      systemWebhook: { url: `${receiver}/system`, secret },
      accountingCallback: { url: `${receiver}/accounting` },
      applyDelayMs: 50,
    })
  }

  /** As a person; undefined = the system refuses it in the present state, with its code. */
  async act(command: AnyRow): Promise<{ readonly row?: AnyRow; readonly refused?: string }> {
    const { entity } = command
    const named = typeof entity === 'string' ? { ...command, entity: adminNames[entity] ?? entity } : command
    const answer = await this.sandbox.admin('POST', '/act', named)
    if (answer.ok === true) return { row: answer.record as AnyRow }
    return { refused: `${String(answer.code)} ${String(answer.error)}` }
  }

  async rows(system: SystemName, entity: string): Promise<readonly AnyRow[]> {
    const { items } = await this.operate('GET', `/state?system=${system}&entity=${adminNames[entity] ?? entity}`)
    return items as readonly AnyRow[]
  }
}
