/** A planted bug: texts of one source file, each there exactly once, and what stands in their place. */
export interface Mutant {
  readonly id: string
  /** What the bug is. */
  readonly what: string
  readonly file: string
  readonly edits: readonly (readonly [from: string, to: string])[]
}

const flow = 'packages/engine/src/flow'
const pure = 'packages/engine/src/pure'
const core = 'packages/core/src'

export const mutants: readonly Mutant[] = [
  {
    id: 'no-journal',
    what: 'writes are not in the journal before the call',
    file: `${flow}/write.ts`,
    edits: [['  await context.store.journal.record(entries)\n', '']],
  },
  {
    id: 'no-recovery',
    what: 'what a crash left open is not found out',
    file: `${flow}/soundness.ts`,
    edits: [['      await recoverJournal(this.#context)\n', '']],
  },
  {
    id: 'resend-without-probe',
    what: 'a creation in doubt is sent again without a look',
    file: `${flow}/write.ts`,
    edits: [
      [
        "const creates = ones.filter((entry) => entry.write.operation === 'create')",
        'const creates = ones.slice(0, 0)',
      ],
      ["const again = ones.filter((entry) => entry.write.operation !== 'create')", 'const again = [...ones]'],
    ],
  },
  {
    id: 'no-echo-base',
    what: 'what was written is not remembered as agreed',
    file: `${flow}/link-draft.ts`,
    edits: [
      [
        'const base: Record<string, Canonical[string]> = { ...merged.base }',
        'const base: Record<string, Canonical[string]> = { ...group.link.base }',
      ],
    ],
  },
  {
    id: 'sent-alone',
    what: 'a customer goes without a document that needs it',
    file: `${core}/policy/decide.ts`,
    edits: [
      [
        "return rule.ifPulled.some((entity) => question.pulledBy.has(entity)) ? 'yes' : 'no'",
        "return rule.ifPulled.length > 0 ? 'yes' : 'no'",
      ],
    ],
  },
  {
    id: 'float-money',
    what: 'money passes through a 32-bit float',
    file: `${core}/values/decimal.ts`,
    edits: [['format(new Big(String(value))) : undefined', 'format(new Big(String(Math.fround(value)))) : undefined']],
  },
  {
    id: 'cleared-is-absent',
    what: 'a cleared field counts as one that is not carried',
    file: `${pure}/merge.ts`,
    edits: [
      ['a: a.current[name] ?? (a.current[name] === null ? null : a.last[name])', 'a: a.current[name] ?? a.last[name]'],
      ['b: b.current[name] ?? (b.current[name] === null ? null : b.last[name])', 'b: b.current[name] ?? b.last[name]'],
    ],
  },
  {
    id: 'one-side-wins',
    what: 'an edit of the second side is undone by the first',
    file: `${pure}/merge-choice.ts`,
    edits: [
      ["  if (editedB) return ways.bToA ? 'bToA' : 'apart'", "  if (editedB) return ways.aToB ? 'aToB' : 'apart'"],
    ],
  },
  {
    id: 'refused-is-done',
    what: 'a write that the other side refused counts as applied',
    file: `${flow}/settle.ts`,
    edits: [
      [
        "const applied = writes.filter(({ outcome }) => outcome.status === 'applied')",
        "const applied = writes.filter(({ outcome }) => outcome.status === 'applied' || outcome.status === 'rejected')",
      ],
      [
        "const unapplied = writes.filter(({ outcome }) => outcome.status !== 'applied')",
        "const unapplied = writes.filter(({ outcome }) => outcome.status !== 'applied' && outcome.status !== 'rejected')",
      ],
    ],
  },
  {
    id: 'deaf-after-pause',
    what: 'after a pause nobody asks for what changed',
    file: 'packages/engine/src/tenant-engine.ts',
    edits: [["    await this.#saveState({ phase: 'live' })\n    this.#turns.reach(3)\n", '    this.#turns.reach(3)\n']],
  },
  {
    id: 'blind-to-edits',
    what: 'an edit of the first side alone does not travel',
    file: `${pure}/merge-choice.ts`,
    edits: [["  if (editedA) return ways.aToB ? 'aToB' : 'apart'", "  if (editedA) return 'apart'"]],
  },
]
