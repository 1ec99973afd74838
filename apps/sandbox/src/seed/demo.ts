import type { Tenant } from '../tenant/tenant.ts'

/** The profile `demo`. */
export function seedDemo(_tenant: Tenant, _seed: number): void {}
