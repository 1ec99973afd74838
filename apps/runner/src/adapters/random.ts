import { randomUUID } from 'node:crypto'
import type { Ids, Random } from '@amis-sync/core'

export const systemRandom: Random = { next: () => Math.random() }

export const systemIds: Ids = { next: () => randomUUID() }
