import type { EngineDependencies, TenantEngine } from './engine-types.ts'

export function createTenantEngine(_dependencies: EngineDependencies): TenantEngine {
  throw new Error('being written')
}
