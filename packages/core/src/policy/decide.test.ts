import { describe, expect, it } from 'vitest'
import { type Question, decide, reasons, ruleHolds } from './decide.ts'
import { type Direction, definePolicy } from './direction-policy.ts'

const direction: Direction = {
  from: 'crm',
  to: 'accounting',
  create: [{ ifPulled: ['sales-order'] }, { onTrigger: ['manual'] }],
  update: 'always',
  link: { onTrigger: ['first-sync'] },
  deactivate: 'ifLinked',
}
const policy = definePolicy({ directions: [direction] })

interface Asked extends Omit<Partial<Question>, 'triggers' | 'pulledBy'> {
  readonly triggers?: readonly string[]
  readonly pulledBy?: readonly string[]
}

function question({ triggers = [], pulledBy = [], ...rest }: Asked): Question {
  return {
    from: 'crm',
    to: 'accounting',
    link: 'unlinked',
    event: 'seen',
    ...rest,
    triggers: new Set(triggers),
    pulledBy: new Set(pulledBy),
  }
}

const ask = (asked: Asked, change: Partial<Direction> = {}) =>
  decide({ directions: [{ ...direction, ...change }] }, question(asked))

describe('decide', () => {
  it.each<[string, Asked, Partial<Direction>, string, string]>([
    ['new, nobody needs it', {}, {}, 'ignore', 'NOT_NEEDED_YET'],
    ['new, pulled', { pulledBy: ['sales-order'] }, {}, 'create', 'PULLED'],
    ['new, pulled by something else', { pulledBy: ['quote'] }, {}, 'ignore', 'NOT_NEEDED_YET'],
    ['new, asked for', { triggers: ['manual'] }, {}, 'create', 'TRIGGERED'],
    ['new, always', {}, { create: 'always' }, 'create', 'RULE_ALWAYS'],
    ['new, on trigger only', {}, { create: { onTrigger: ['x'] } }, 'ignore', 'NOT_REQUESTED'],
    ['new, never', {}, { create: 'never' }, 'ignore', 'ONE_WAY'],
    ['new, only if linked', {}, { create: 'ifLinked' }, 'ignore', 'NOT_LINKED'],
    ['new, ask', {}, { create: 'ask' }, 'conflict', 'ASK'],
    [
      'ask yields to a rule that holds',
      { triggers: ['manual'] },
      { create: ['ask', { onTrigger: ['manual'] }] },
      'create',
      'TRIGGERED',
    ],
    ['linked, edited', { link: 'linked' }, {}, 'update', 'RULE_ALWAYS'],
    ['linked, edits do not travel', { link: 'linked' }, { update: 'never' }, 'ignore', 'ONE_WAY'],
    ['linked, deleted', { link: 'linked', event: 'deleted' }, {}, 'deactivate', 'LINKED'],
    ['linked, deleted, never', { link: 'linked', event: 'deleted' }, { deactivate: 'never' }, 'ignore', 'ONE_WAY'],
    ['withdrawn', { link: 'linked', triggers: ['x'] }, { remove: { onTrigger: ['x'] } }, 'remove', 'TRIGGERED'],
    ['withdrawn, not sent yet', { triggers: ['x'] }, { remove: { onTrigger: ['x'] } }, 'remove', 'TRIGGERED'],
    ['not withdrawn', { link: 'linked' }, { remove: { onTrigger: ['x'] } }, 'update', 'RULE_ALWAYS'],
    ['unlinked, deleted', { event: 'deleted' }, {}, 'ignore', 'NOT_LINKED'],
    ['same code, first sync', { link: 'candidate', triggers: ['first-sync'] }, {}, 'link', 'MATCHED'],
    ['same code, pulled', { link: 'candidate', pulledBy: ['sales-order'] }, {}, 'conflict', 'SAME_KEY'],
    ['same code, nobody needs it', { link: 'candidate' }, {}, 'ignore', 'NOT_NEEDED_YET'],
    [
      'several of the same code',
      { link: 'ambiguous', triggers: ['first-sync', 'manual'] },
      {},
      'conflict',
      'AMBIGUOUS',
    ],
  ])('%s', (_what, asked, change, action, reason) => {
    expect(ask(asked, change)).toEqual({ action, reason })
  })

  it('nothing travels in a direction that the policy does not have', () => {
    expect(decide(policy, question({ from: 'accounting', to: 'crm' }))).toEqual({ action: 'ignore', reason: 'ONE_WAY' })
  })

  it('every reason speaks both languages', () => {
    for (const { vi, en } of Object.values(reasons)) expect(vi.length * en.length).toBeGreaterThan(0)
  })

  it('an empty list of rules never holds', () => expect(ruleHolds([], question({}))).toBe('no'))
})

describe('definePolicy', () => {
  it('refuses a direction that is given twice or leads nowhere', () => {
    expect(() => definePolicy({ directions: [direction, direction] })).toThrow('crm>accounting is given twice')
    expect(() => definePolicy({ directions: [{ ...direction, to: 'crm' }] })).toThrow('leads nowhere')
  })
})
