import type { Row, SystemId } from '@amis-sync/core'
import { type EngineBench, openBench } from './engine-bench.ts'
import { createVirtualClock } from './virtual-clock.ts'

export const open = (settings: Parameters<typeof openBench>[0] = {}) =>
  openBench(settings, { clock: createVirtualClock() })

export const find = (
  bench: EngineBench,
  side: 'crm' | 'accounting' | 'system',
  table: string,
  column: string,
  code: string,
) => bench[side].rows(table).find((row: Row) => row[column] === code)

export const crmBy = (bench: EngineBench, code: string) => find(bench, 'crm', 'Customers', 'account_number', code)
export const actBy = (bench: EngineBench, code: string) =>
  find(bench, 'accounting', 'AccountObjects', 'account_object_code', code)

export async function pollAll(bench: EngineBench, times = 2): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await bench.engine.poll()
    await bench.settle()
  }
}

export async function openItems(bench: EngineBench) {
  return (await bench.store.work.page({}, { limit: 100 })).map(
    ({ id, state, failure }) => `${id} ${state} ${failure?.code}`,
  )
}

export const hint = (side: SystemId, entity: string, resource: string, recordId: string) => ({
  side,
  entity,
  resource,
  recordId,
})
