import type { Store, TenantStore } from '@amis-sync/core'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeJournal } from './store-suite/journal-suite.ts'
import { describeLeases } from './store-suite/lease-suite.ts'
import { describeLinks } from './store-suite/link-suite.ts'
import { describeRest } from './store-suite/rest-suite.ts'
import { describeSettling } from './store-suite/settle-suite.ts'
import { describeWork } from './store-suite/work-suite.ts'

export interface OpenStore {
  readonly store: Store
  close(): Promise<void>
}

/** What the parts of the suite need: the store, and tenants that nobody used before. */
export interface StoreUnderTest {
  store(): Store
  freshTenant(): TenantStore
}

/** The contract of {@link Store}, run by every implementation. `open` is called once. */
export function describeStore(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore
    let tenants = 0
    const run = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`

    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())

    const store = (): Store => opened.store
    const freshTenant = (): TenantStore => {
      tenants += 1
      return store().forTenant(`suite-${run}-${tenants}`)
    }
    const underTest = { store, freshTenant }
    describeLinks(underTest)
    describeWork(underTest)
    describeSettling(underTest)
    describeJournal(underTest)
    describeRest(underTest)
    describeLeases(underTest)
  })
}
