import { randomBytes } from 'node:crypto'

/** What the sandbox takes from the machine it runs on. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly bytes: (count: number) => Buffer
}

let present: Surroundings = { now: () => Date.now(), bytes: randomBytes }

/** Puts others in the machine's place, for the whole process: a simulation with its own clock and chance. */
export function surroundWith(others: Surroundings): void {
  present = others
}

/** The real time, milliseconds since 1970. */
export function realTime(): number {
  return present.now()
}

/** Random bytes as hex digits. */
export function randomHex(bytes: number): string {
  return present.bytes(bytes).toString('hex')
}
