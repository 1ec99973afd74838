/** One moment on both of the machine's clocks. */
export interface Moment {
  /** Only grows, but may stand still while the machine sleeps. */
  readonly monotonic: number
  /** Goes on while the machine sleeps, but may jump. */
  readonly wall: number
}

/** A lease as its holder measures it: from before the call that granted it, on the holder's own clocks. */
export interface LeaseTerm {
  readonly since: Moment
  readonly ttlMs: number
}

/** The part of a lease that is never used: work stops this much before anybody else may take it over. */
export const safetyShare = 0.2

/**
 * Does the lease still hold, with the safety share to spare? Both clocks must say so: whichever saw more time pass is believed, so that
 * neither a sleeping machine nor a jump of its clock lets a runner write with a lease that is no longer its own.
 */
export function isSafe(term: LeaseTerm, now: Moment): boolean {
  const passed = Math.max(now.monotonic - term.since.monotonic, now.wall - term.since.wall)
  return passed < term.ttlMs * (1 - safetyShare)
}

/** The database server's clock, estimated between two readings from the local monotonic one. */
export interface ServerClock {
  readonly server: number
  readonly monotonic: number
}

/** A reading of the server's clock; the answer was made somewhere between the two local moments. */
export function readServerClock(server: number, before: number, after: number): ServerClock {
  return { server, monotonic: (before + after) / 2 }
}

export function serverNow(clock: ServerClock, monotonic: number): number {
  return clock.server + (monotonic - clock.monotonic)
}
