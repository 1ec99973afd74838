import { describe, expect, it } from 'vitest'
import { type DocumentLife, defineLife, pathTo } from './life.ts'

const label = { vi: 'vi', en: 'en' }
const state = { label, text: 'x', sends: false }
const step = { by: 'crm', effects: [], label } as const
const life: DocumentLife<'a' | 'b' | 'c'> = {
  initial: 'a',
  states: { a: state, b: state, c: state },
  steps: [
    { ...step, from: 'a', event: 'go', to: 'b' },
    { ...step, from: 'b', event: 'go', to: 'c' },
    { ...step, from: 'a', event: 'jump', to: 'c' },
  ],
}

describe('life of a document', () => {
  it('finds a shortest way to each state', () => {
    expect(pathTo(defineLife(life), 'c')).toEqual([life.steps[2]])
    expect(pathTo(life, 'a')).toEqual([])
  })

  it('refuses a state that nothing leads to, and two steps that begin alike', () => {
    expect(() => defineLife({ ...life, steps: life.steps.slice(0, 1) })).toThrow('nothing leads to state "c"')
    expect(() => defineLife({ ...life, steps: [...life.steps, life.steps[0]!] })).toThrow('given twice')
  })
})
