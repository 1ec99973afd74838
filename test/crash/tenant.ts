import type { AnyRow } from '../behaviours/company.ts'
import { until } from './until.ts'

export type Row = AnyRow

export type SystemName = 'system' | 'crm' | 'accounting'

const webhookSecret = 'whsec_YW1pcy1zeW5jLWRlbW8td2ViaG9vay1rZXktMDAwMDE='

/** The variables behind `${env:…}` in the tenant files. */
export const secrets = {
  CRASH_SYSTEM_SECRET: 'system-secret',
  CRASH_CRM_SECRET: 'crm-secret',
  CRASH_ACCESS_CODE: 'access-code',
  CRASH_WEBHOOK_SECRET: webhookSecret,
}

/** A company in the simulated systems, through their admin interface: seeds it, acts as its people, counts its rows. */
export class Tenant {
  readonly name: string
  readonly #sandboxUrl: string
  readonly #deliveryUrl: string

  constructor(name: string, sandboxUrl: string, deliveryUrl: string) {
    this.name = name
    this.#sandboxUrl = sandboxUrl
    this.#deliveryUrl = deliveryUrl
  }

  /** Makes the company known to the three systems. */
  async open(): Promise<void> {
    const { name } = this
    await this.admin('POST', '/tenants', {
      tenant: name,
      system: { client_id: name, client_secret: secrets.CRASH_SYSTEM_SECRET },
      crm: { client_id: name, client_secret: secrets.CRASH_CRM_SECRET },
      accounting: { app_id: `${name}-app`, access_code: secrets.CRASH_ACCESS_CODE, org_company_code: name },
    })
  }

  /** From now on changes are delivered. */
  async #deliver(): Promise<void> {
    const hook = (system: SystemName) => ({
      url: `${this.#deliveryUrl}/webhooks/${this.name}/${system}`,
      secret: webhookSecret,
    })
    await this.admin('PUT', '/delivery', {
      systemWebhook: hook('system'),
      crmWebhook: hook('crm'),
      accountingCallback: { url: `${this.#deliveryUrl}/callbacks/${this.name}/accounting` },
      applyDelayMs: 5,
    })
  }

  /** Its tenant file. */
  file(): Row {
    const { name } = this
    const baseUrl = this.#sandboxUrl
    const hook = { webhookSecret: '${env:CRASH_WEBHOOK_SECRET}' }
    return {
      tenant: name,
      name: `Công ty ${name}`,
      convertedFrom: 'none',
      connections: {
        system: {
          connector: 'amis-system',
          baseUrl,
          clientId: name,
          clientSecret: '${env:CRASH_SYSTEM_SECRET}',
          ...hook,
        },
        crm: { connector: 'amis-crm', baseUrl, clientId: name, clientSecret: '${env:CRASH_CRM_SECRET}', ...hook },
        accounting: {
          connector: 'amis-accounting',
          baseUrl,
          appId: `${name}-app`,
          accessCode: '${env:CRASH_ACCESS_CODE}',
          orgCompanyCode: name,
        },
      },
    }
  }

  async admin(method: string, path: string, body?: unknown): Promise<Row> {
    const tenant = `${path.includes('?') ? '&' : '?'}tenant=${this.name}`
    const response = await fetch(`${this.#sandboxUrl}/__sandbox${path}${path === '/tenants' ? '' : tenant}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Row
    if (answer.ok !== true) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }

  /** Seed `size`: customers, half as many products, their groups; orders that ask to be recorded. Deliveries begin afterwards. */
  async seed(size: { readonly n: number; readonly employees?: number; readonly orders?: number }): Promise<void> {
    await this.admin('POST', '/seed', { profile: 'size', ...size })
    const numbers = Array.from({ length: size.orders ?? 0 }, (_, i) => `DH${String(i + 1).padStart(6, '0')}`)
    if (numbers.length > 0) await this.act(numbers.map((key) => ({ system: 'crm', action: 'requestRevenue', key })))
    await this.#deliver()
  }

  /** As persons, one command after the other. */
  async act(commands: readonly Row[]): Promise<void> {
    const { results } = await this.admin('POST', '/act', commands)
    const refused = (results as Row[]).find(({ ok }) => ok !== true)
    if (refused) throw new Error(`a person was refused: ${JSON.stringify(refused)}`)
  }

  async rows(system: SystemName, entity: string): Promise<Row[]> {
    const { items } = await this.admin('GET', `/state?system=${system}&entity=${entity}`)
    return (items as Row[]).filter((row) => !row.deleted)
  }

  /** Rows that were ever made, those that are gone again included. */
  async made(system: SystemName, entity: string): Promise<number> {
    const { counts } = await this.admin('GET', '/counts')
    const { live, deleted } = counts[system][entity] ?? { live: 0, deleted: 0 }
    return live + deleted
  }

  /** Requests that arrived, latest last. */
  async requests(): Promise<Row[]> {
    return (await this.admin('GET', '/requests')).rows as Row[]
  }

  /** Requests that change something, as they arrived. */
  async writes(): Promise<string[]> {
    const changing = /^(POST \/apir\/sync\/actopen\/save|(POST|PUT) \/api\/v2\/(?!Account$)|DELETE )/
    return (await this.requests()).map(({ method, path }) => `${method} ${path}`).filter((call) => changing.test(call))
  }

  /** Resolves when no request has arrived for a while. */
  async silence(): Promise<void> {
    let before = -1
    let since = 0
    await until(`${this.name} sends nothing more`, async () => {
      const { total } = await this.admin('GET', '/requests')
      if (total !== before) since = Date.now()
      before = total
      return Date.now() - since >= 300
    })
  }

  /** Of these calls the one after `after` others is carried out at once and answered late: whoever made it is in its middle meanwhile. */
  async hold(system: SystemName, route: string, options: { after?: number; ms?: number } = {}): Promise<void> {
    const { after = 0, ms = 60_000 } = options
    await this.admin('PUT', '/faults', { rules: [{ system, route, kind: 'slow', after, times: 1, params: { ms } }] })
  }

  /** Resolves when the call that is to be held has arrived. */
  async held(): Promise<void> {
    await until(`a call of ${this.name} is held`, async () => {
      const { rules } = await this.admin('GET', '/faults')
      return (rules as Row[]).some(({ fired }) => fired > 0)
    })
  }
}
