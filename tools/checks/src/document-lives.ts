import type { DocumentLife, Effect, LifeStep } from '@amis-sync/amis-documents'
import type { EntityPlugin } from '@amis-sync/core'

export interface LivingDocument {
  readonly plugin: EntityPlugin
  readonly life: DocumentLife
}

const effects: Readonly<Record<Effect, string>> = {
  send: 'lưu sang Kế toán / saved in Accounting',
  ask: 'đề nghị Kế toán xóa / Accounting is asked to delete it',
  tell: 'ghi lại CRM / written back to CRM',
}
const actors = { crm: 'CRM', accounting: 'Kế toán / Accounting' }

function did(step: LifeStep<string>): string {
  return step.effects.length === 0
    ? 'không gửi gì / nothing travels'
    : step.effects.map((one) => effects[one]).join('; ')
}

function drawing({ initial, states, steps }: DocumentLife): string[] {
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...Object.entries(states).map(([name, { label }]) => `  ${name} : ${label.vi} (${label.en})`),
    `  [*] --> ${initial}`,
    ...steps.map(({ from, to, event, guard }) => `  ${from} --> ${to} : ${event}${guard ? ` [${guard.en}]` : ''}`),
    '```',
  ]
}

function pageOf({ plugin, life }: LivingDocument): string[] {
  return [
    `## ${plugin.labels.vi} / ${plugin.labels.en} (${plugin.id})`,
    '',
    ...drawing(life),
    '',
    '| state | tình trạng / status | text in CRM | travels to Accounting |',
    '| --- | --- | --- | --- |',
    ...Object.entries(life.states).map(
      ([name, { label, text, sends }]) => `| ${name} | ${label.vi} / ${label.en} | ${text} | ${sends ? 'yes' : 'no'} |`,
    ),
    '',
    '| from | event | who | what he does | to | then |',
    '| --- | --- | --- | --- | --- | --- |',
    ...life.steps.map((step) => {
      const { from, event, by, to, label, guard } = step
      const why = guard ? ` (${guard.vi} / ${guard.en})` : ''
      return `| ${from} | ${event} | ${actors[by]} | ${label.vi} / ${label.en}${why} | ${to} | ${did(step)} |`
    }),
    '',
  ]
}

/** The lives of the document types, as the Markdown of docs/documents.md. */
export function documentLives(documents: readonly LivingDocument[]): string {
  return [
    '# Documents',
    '',
    'Generated from the `life` of each document package: `npx vitest run --project checks lives -u`. CI fails when it changes unseen.',
    'Every step is walked at the sandbox by `test/behaviours/document-lives.test.ts`, which counts what travels.',
    'What happens when a side refuses, is slow, or answers twice: the README of each package.',
    '',
    ...documents.flatMap(pageOf),
  ].join('\n')
}
