import type { Message } from '@amis-sync/core'

/** Who makes a step happen: a person in CRM, or an accountant. */
export type Actor = 'crm' | 'accounting'

/**
 * What the product does about a step: `send` = saves the document in Accounting, `ask` = asks Accounting to delete it, `tell` = writes to
 * the CRM. Nothing else travels.
 */
export type Effect = 'send' | 'ask' | 'tell'

export interface LifeState {
  readonly label: Message
  /** How the CRM shows it: the text of its status column. Two states may look alike there. */
  readonly text: string
  /** Does the document travel to Accounting while it is in this state (contract §4.13)? */
  readonly sends: boolean
}

export interface LifeStep<S extends string> {
  readonly from: S
  /** What the person does: `request`, `record`, `edit`. */
  readonly event: string
  readonly by: Actor
  readonly to: S
  readonly effects: readonly Effect[]
  readonly label: Message
  /** Why it goes this way. */
  readonly guard?: Message
}

/** The life of a document, as data: the plugin decides by it, docs/documents.md draws it, and a test walks every step at the sandbox. */
export interface DocumentLife<S extends string = string> {
  readonly initial: S
  readonly states: Readonly<Record<S, LifeState>>
  readonly steps: readonly LifeStep<S>[]
}

/** Makes a life; throws `TypeError` for a state that nothing leads to, and for two steps that begin alike. */
export function defineLife<S extends string>(life: DocumentLife<S>): DocumentLife<S> {
  const begun = new Set<string>()
  for (const { from, event } of life.steps) {
    if (begun.has(`${from}|${event}`)) throw new TypeError(`"${event}" in state "${from}" is given twice`)
    begun.add(`${from}|${event}`)
  }
  for (const state of Object.keys(life.states) as S[])
    if (pathTo(life, state) === undefined) throw new TypeError(`nothing leads to state "${state}"`)
  return life
}

/** A shortest way from the first state. */
export function pathTo<S extends string>(life: DocumentLife<S>, state: S): readonly LifeStep<S>[] | undefined {
  const paths = new Map<S, readonly LifeStep<S>[]>([[life.initial, []]])
  for (const [from, path] of paths) {
    if (from === state) return path
    for (const step of life.steps) if (step.from === from && !paths.has(step.to)) paths.set(step.to, [...path, step])
  }
  return undefined
}
