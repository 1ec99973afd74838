import type { Failure, SyncError, SystemId } from '@amis-sync/core'

/** Which connections are in trouble: told by the streams that met it, and taken back when those go on. */
export class Outages {
  readonly #met = new Map<string, { readonly system: SystemId; readonly error: SyncError }>()

  /** A stream cannot go on. True when this is news. */
  add(stream: string, system: SystemId | undefined, error: SyncError): boolean {
    if (system === undefined) return false
    const known = this.#met.get(stream)
    this.#met.set(stream, { system, error })
    return known?.system !== system || known.error.code !== error.code
  }

  /** A stream goes on. True when this is news. */
  end(stream: string): boolean {
    return this.#met.delete(stream)
  }

  /** The trouble of each system, by what was met last. */
  get failures(): Readonly<Partial<Record<SystemId, Failure>>> {
    return Object.fromEntries(
      [...this.#met.values()].map(({ system, error: { code, kind, text } }) => [system, { code, kind, ...text }]),
    )
  }
}
