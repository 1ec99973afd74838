import type { EntityPlugin, TenantStore } from '@amis-sync/core'
import type { TenantReader } from './engine-types.ts'

export function createTenantReader(_store: TenantStore, _plugins: readonly EntityPlugin[]): TenantReader {
  throw new Error('being written')
}
