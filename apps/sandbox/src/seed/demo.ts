import { Prng } from '../model/prng.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { seedDemoAccounting } from './demo-accounting.ts'
import { seedDemoCrm } from './demo-crm.ts'
import { seedDemoDocuments } from './demo-documents.ts'
import { seedDemoSystem } from './demo-system.ts'
import { DemoWriter } from './demo-writer.ts'

/** The profile `demo`: a trading company in Hà Nội and TP Hồ Chí Minh, from a number (§5.6). */
export function seedDemo(tenant: Tenant, seed: number): void {
  const writer = new DemoWriter(tenant)
  const random = new Prng(seed)
  const staff = seedDemoSystem(writer, random)
  const crm = seedDemoCrm(writer, random, staff)
  seedDemoDocuments(writer, random, crm)
  seedDemoAccounting(writer, random, staff, crm)
}
