import type { Courier } from '../delivery/post.ts'
import { FORGETFUL, type JournalFile } from '../model/journal.ts'
import type { Json } from '../model/json.ts'
import type { SystemName } from './clock.ts'
import { RequestLog } from './request-log.ts'
import { DEMO_CREDENTIALS, type Credentials } from './settings.ts'
import { Tenant } from './tenant.ts'

/** Name under which requests are listed that belong to nobody (§5.2). */
export const NOBODY = '-'

/** All tenants, found by name, credentials or token. */
export class Registry {
  readonly nobody = new RequestLog()
  readonly #tenants = new Map<string, Tenant>()
  readonly #file: JournalFile | undefined
  readonly #poster: Courier

  constructor(poster: Courier, file?: JournalFile) {
    this.#poster = poster
    this.#file = file
    for (const name of file?.tenants() ?? []) {
      const meta = [...(file?.read(name, 'meta') ?? [])].find(({ key }) => key === 0)
      if (meta) this.add(name, meta.value as Credentials).load(file as JournalFile)
    }
    if (!this.#tenants.has('demo')) this.add('demo', DEMO_CREDENTIALS)
    this.commit()
  }

  /** Makes everything durable that was done so far. */
  commit(): void {
    this.#file?.commit()
  }

  /** Names of all tenants. */
  names(): string[] {
    return [...this.#tenants.keys()]
  }

  /** The tenant with that name. */
  get(name: string): Tenant | undefined {
    return this.#tenants.get(name)
  }

  /** True if the name or one of the credential pairs is taken. */
  isTaken(name: string, credentials: Credentials): boolean {
    const { crm, accounting, system } = credentials
    return (
      this.#tenants.has(name) ||
      this.byCrmClient(crm.client_id) !== undefined ||
      this.byApp(accounting.app_id, accounting.org_company_code) !== undefined ||
      this.bySystemClient(system.client_id) !== undefined
    )
  }

  /** Adds a tenant. */
  add(name: string, credentials: Credentials): Tenant {
    const journal = this.#file?.of(name) ?? FORGETFUL
    const tenant = new Tenant({ name, credentials, journal, poster: this.#poster, commit: () => this.commit() })
    this.#tenants.set(name, tenant)
    return tenant
  }

  /** The tenant with that CRM `client_id`. */
  byCrmClient(clientId: Json): Tenant | undefined {
    return this.#find((tenant) => tenant.credentials.crm.client_id === clientId)
  }

  /** The tenant with that System `client_id`. */
  bySystemClient(clientId: Json): Tenant | undefined {
    return this.#find((tenant) => tenant.credentials.system.client_id === clientId)
  }

  /** The tenant with that pair of ACT application and company. */
  byApp(appId: Json, companyCode: Json): Tenant | undefined {
    return this.#find(
      ({ credentials: { accounting } }) => accounting.app_id === appId && accounting.org_company_code === companyCode,
    )
  }

  /** True if some tenant has that application. */
  knowsApp(appId: Json): boolean {
    return this.#find((tenant) => tenant.credentials.accounting.app_id === appId) !== undefined
  }

  /** The tenant that issued a token. */
  byToken(system: SystemName, token: string): Tenant | undefined {
    return token === '' ? undefined : this.#find((tenant) => tenant.tokens.knows(system, token))
  }

  /** Ends all timers. */
  close(): void {
    for (const tenant of this.#tenants.values()) tenant.ticker.close()
  }

  #find(test: (tenant: Tenant) => boolean): Tenant | undefined {
    for (const tenant of this.#tenants.values()) if (test(tenant)) return tenant
    return undefined
  }
}
