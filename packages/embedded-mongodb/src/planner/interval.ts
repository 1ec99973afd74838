/** Intervals over the ascending encoding of one index component, and their translation to byte ranges of a key table. */

export interface Bound {
  readonly bytes: Buffer
  readonly inclusive: boolean
}

export interface Interval {
  readonly low: Bound
  readonly high: Bound
  /** True when the interval holds one value. */
  readonly point: boolean
}

/** A range of encoded keys: `low` inclusive, `high` exclusive. */
export interface KeyRange {
  readonly low: Buffer
  readonly high: Buffer
}

/** No encoded component starts with 0xFF, so a key followed by 0xFF lies behind everything the key prefixes. */
const behind = Buffer.from([0xff])

export const fullInterval: Interval = {
  low: { bytes: Buffer.alloc(0), inclusive: true },
  high: { bytes: behind, inclusive: false },
  point: false,
}

export function pointInterval(bytes: Buffer): Interval {
  return { low: { bytes, inclusive: true }, high: { bytes, inclusive: true }, point: true }
}

export function intersect(a: Interval, b: Interval): Interval {
  const low = Buffer.compare(lowKey(a.low), lowKey(b.low)) >= 0 ? a.low : b.low
  const high = Buffer.compare(highKey(a.high), highKey(b.high)) <= 0 ? a.high : b.high
  return { low, high, point: a.point || b.point }
}

function lowKey(bound: Bound): Buffer {
  return bound.inclusive ? bound.bytes : Buffer.concat([bound.bytes, behind])
}

function highKey(bound: Bound): Buffer {
  return bound.inclusive ? Buffer.concat([bound.bytes, behind]) : bound.bytes
}

export function isEmpty(interval: Interval): boolean {
  return Buffer.compare(lowKey(interval.low), highKey(interval.high)) >= 0
}

/** The byte range of keys that start with `prefix` and continue inside `interval`, for one direction of the component. */
export function toKeyRange(prefix: Buffer, interval: Interval, direction: 1 | -1): KeyRange {
  if (direction === 1) {
    return { low: Buffer.concat([prefix, lowKey(interval.low)]), high: Buffer.concat([prefix, highKey(interval.high)]) }
  }
  const first = inverted(interval.high.bytes)
  const last = inverted(interval.low.bytes)
  return {
    low: Buffer.concat(interval.high.inclusive ? [prefix, first] : [prefix, first, behind]),
    high: Buffer.concat(interval.low.inclusive ? [prefix, last, behind] : [prefix, last]),
  }
}

/** The byte range of every key that starts with `prefix`. */
export function prefixRange(prefix: Buffer): KeyRange {
  return { low: prefix, high: Buffer.concat([prefix, behind]) }
}

export function directed(bytes: Buffer, direction: 1 | -1): Buffer {
  return direction === 1 ? bytes : inverted(bytes)
}

function inverted(bytes: Buffer): Buffer {
  return bytes.map((byte) => byte ^ 0xff) as Buffer
}
