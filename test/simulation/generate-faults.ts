import type { Chance } from '@amis-sync/testkit/simulation'
import type { Action, FaultRule } from './plan-types.ts'
import type { SystemName } from './systems.ts'

const systems = ['crm', 'crm', 'accounting', 'accounting', 'system'] as const

const routes: Readonly<Record<SystemName, readonly string[]>> = {
  crm: ['*', 'GET /api/v2', 'POST /api/v2/', 'PUT /api/v2/', 'GET /api/v2/deleted', 'POST /api/v2/Customers'],
  accounting: [
    '*',
    'POST /apir/sync/actopen/save',
    'POST /apir/sync/actopen/save_dictionary',
    'POST /apir/sync/actopen/get_dictionary',
    'POST /apir/sync/actopen/get_voucher_state',
  ],
  system: ['*'],
}

/** Kinds of contract §5.5 with what they may be given. */
const kinds: readonly [kind: string, params: (chance: Chance) => FaultRule['params']][] = [
  ['status', (chance) => ({ status: chance.pick([500, 502, 503]) })],
  ['status', (chance) => ({ status: 429, retryAfter: chance.between(1, 5) })],
  ['html', () => ({})],
  ['errorBody', () => ({})],
  ['code401', () => ({})],
  ['expireToken', () => ({})],
  ['resetBefore', () => ({})],
  ['resetAfter', () => ({})],
  ['slow', (chance) => ({ ms: chance.pick([500, 5_000, 45_000]) })],
  ['truncate', () => ({})],
  ['empty', () => ({})],
  ['short', (chance) => ({ rows: chance.below(3) })],
  ['staleRead', (chance) => ({ ms: chance.pick([1_000, 5_000, 30_000]) })],
  ['partialBatch', (chance) => ({ fraction: chance.pick([0.3, 0.7, 1]) })],
  ['reorderResults', () => ({})],
  ['pageShift', (chance) => ({ rows: chance.between(1, 2) })],
]

const deliveryKinds: readonly (typeof kinds)[number][] = [
  ['drop', () => ({})],
  ['double', (chance) => ({ ms: chance.pick([0, 200, 20_000]) })],
  ['delay', (chance) => ({ ms: chance.pick([300, 10_000, 90_000]) })],
  ['permute', (chance) => ({ count: chance.between(2, 4) })],
  ['badSignature', () => ({})],
]

function rule(chance: Chance): FaultRule {
  const system = chance.pick(systems)
  const often = { probability: chance.pick([1, 0.5]), times: chance.between(1, 4), after: chance.pick([0, 0, 1, 3]) }
  if (chance.maybe(0.35)) {
    const [kind, params] = chance.pick(deliveryKinds)
    const route = system === 'accounting' ? 'CALLBACK' : 'WEBHOOK'
    return { system, route, kind, ...often, params: params(chance)! }
  }
  const [kind, params] = chance.pick(kinds)
  return { system, route: chance.pick(routes[system]), kind, ...often, params: params(chance)! }
}

/** The steps of a write and of a poll: a runner dies at each of them. */
const steps = [
  'journal.record',
  'journal.mark',
  'journal.remove',
  'links.save',
  'work.settle',
  'work.add',
  'work.add',
  'cursors.set',
  'inbox.done',
  'saveState',
] as const

/** Writes that are done, and whose answer is lost. */
function lostAnswer(chance: Chance): FaultRule {
  const [system, route] = chance.pick([
    ['crm', 'POST /api/v2/'],
    ['crm', 'POST /api/v2/'],
    ['crm', 'PUT /api/v2/'],
    ['accounting', 'POST /apir/sync/actopen/save'],
  ] as const)
  const [kind, params] = chance.pick([
    ['resetAfter', {}],
    ['truncate', {}],
    ['slow', { ms: 45_000 }],
  ] as const)
  // The CRM's token is asked for by POST, too.
  const after = system === 'crm' ? chance.below(2) : 0
  return { system, route, kind, probability: 1, times: chance.between(1, 3), after, params }
}

/** Something that goes wrong. */
export function faultStep(chance: Chance): Action {
  const dice = chance.next()
  if (dice < 0.15) return { do: 'fault', rules: [lostAnswer(chance)] }
  if (dice < 0.55) return { do: 'fault', rules: Array.from({ length: chance.between(1, 3) }, () => rule(chance)) }
  if (dice < 0.65) {
    const system = chance.pick(systems)
    return { do: 'lose', system, method: chance.pick(['GET', 'POST', 'PUT']), times: chance.between(1, 2) }
  }
  if (dice < 0.82) {
    const how = { arrives: chance.maybe(0.5), downMs: chance.pick([0, 0, 2_000, 20_000]) }
    if (chance.maybe(0.3)) return { do: 'crash', ...how }
    if (chance.maybe(0.4)) return { do: 'crashAt', call: chance.between(1, 60), ...how }
    return { do: 'crashAt', name: chance.pick(steps), call: chance.between(1, 3), ...how }
  }
  if (dice < 0.92) return { do: 'freeze', ms: chance.pick([200, 2_500, 6_000, 40_000]) }
  return { do: 'restart', downMs: chance.pick([0, 1_000, 15_000]) }
}
