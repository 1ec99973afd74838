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
    id: 'cursor-before-work',
    what: 'the cursor moves before the work of its page is stored',
    file: `${flow}/observe.ts`,
    edits: [
      [
        '    if (hints.length > 0) await context.store.work.add(hints, context.clock.now())\n    count +=',
        '    if (watermark !== undefined && hints.length > 0) await context.store.cursors.set(stream, watermark)\n    if (hints.length > 0) await context.store.work.add(hints, context.clock.now())\n    count +=',
      ],
    ],
  },
  {
    id: 'cursor-over-unclear',
    what: 'the cursor passes rows that a write is under way for',
    file: `${flow}/observe.ts`,
    edits: [['      unclear = true\n', '']],
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
    id: 'old-rows-are-news',
    what: 'a row that was read before our own write counts as news',
    file: `${flow}/gather.ts`,
    edits: [['record.readAt <= writtenAt', 'record.readAt < writtenAt - 3_600_000']],
  },
  {
    id: 'absence-is-proof',
    what: 'a record that one answer does not show counts as deleted',
    file: `${flow}/gather.ts`,
    edits: [['connection.absenceIsProof?.has(resource) ?? false', 'connection.readable.has(resource)']],
  },
  {
    id: 'no-fence',
    what: 'who lost the lease goes on writing',
    file: `${flow}/tenant-context.ts`,
    edits: [['  if (context.leased()) return\n  throw', '  if (context.settings.tenant !== "") return\n  throw']],
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
    id: 'no-nfc',
    what: 'text is not brought into one Unicode form',
    file: `${core}/values/text.ts`,
    edits: [["value.normalize('NFC').replace(whiteSpace", "value.normalize('NFD').replace(whiteSpace"]],
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
    id: 'nobody-is-woken',
    what: 'a record that arrived wakes nobody who waits for it',
    file: `${flow}/settle.ts`,
    edits: [
      [
        '  if (keys.length === 0) return\n  for (const key of keys) context.awaited.delete(key)',
        '  if (keys.length >= 0) return\n  for (const key of keys) context.awaited.delete(key)',
      ],
    ],
  },
  {
    id: 'inbox-first',
    what: 'a delivery counts as taken before what it says is stored',
    file: `${flow}/deliveries.ts`,
    edits: [
      [
        '    if (entries.length === 0) return\n',
        '    if (entries.length === 0) return\n    await context.store.inbox.done(entries.map((entry) => entry.id))\n',
      ],
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
]
