import type { Metrics } from '@amis-sync/core'

/** Counts nothing. */
export const noMetrics: Metrics = { count: () => undefined, gauge: () => undefined }
