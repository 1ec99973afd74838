import { isoTime } from '../model/time.ts'
import type { SystemName } from './clock.ts'

/** One request as `GET /requests` gives it. */
export interface RequestRow {
  readonly seq: number
  readonly at: string
  readonly tenant: string
  readonly system: SystemName
  readonly method: string
  readonly path: string
  status: number
  readonly rowsIn: number
  readonly bytesIn: number
  bytesOut: number
  fault: string | null
}

const KEPT = 10_000

/** Counts and lists every request that arrived. Lives in memory only: it is a measuring device, not state. */
export class RequestLog {
  #rows: RequestRow[] = []
  #routes = new Map<string, number>()
  #total = 0

  /** Counts a request; status, bytes and fault are filled in when it is answered. */
  add(
    at: number,
    routeKey: string,
    row: Pick<RequestRow, 'tenant' | 'system' | 'method' | 'path' | 'rowsIn' | 'bytesIn'>,
  ): RequestRow {
    this.#total += 1
    this.#routes.set(routeKey, (this.#routes.get(routeKey) ?? 0) + 1)
    const full: RequestRow = { seq: this.#total, at: isoTime(at), ...row, status: 0, bytesOut: 0, fault: null }
    this.#rows.push(full)
    if (this.#rows.length > 2 * KEPT) this.#rows = this.#rows.slice(-KEPT)
    return full
  }

  /** As `GET /requests` gives it. */
  describe(): { total: number; routes: Record<string, number>; rows: readonly RequestRow[] } {
    return { total: this.#total, routes: Object.fromEntries(this.#routes), rows: this.#rows.slice(-KEPT) }
  }

  /** Counters and rows to zero. */
  clear(): void {
    this.#rows = []
    this.#routes = new Map()
    this.#total = 0
  }
}
