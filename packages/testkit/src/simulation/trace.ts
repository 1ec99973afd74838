import { createHash } from 'node:crypto'

/** What happened in a run, and one fingerprint of all of it. */
export class Trace {
  readonly #hash = createHash('sha256')
  readonly lines: string[] = []

  /** `detail` is part of the fingerprint, but not of the lines. */
  add(line: string, detail = ''): void {
    this.lines.push(line)
    this.#hash.update(`${line}\n${detail}\n`)
  }

  get fingerprint(): string {
    return this.#hash.copy().digest('hex').slice(0, 16)
  }
}
