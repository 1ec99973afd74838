import { SyncError } from '@amis-sync/core'
import type { Db } from 'mongodb'

/** A change of stored data. `up` may run twice (two runners start together, or a crash): it must lead to the same result each time. */
export interface Migration {
  readonly version: number
  readonly name: string
  up(db: Db): Promise<void>
}

interface SchemaDocument {
  readonly _id: string
  readonly version: number
  readonly name: string
}

/** Ascending by version; the last one is what this build reads and writes. */
export const migrations: readonly Migration[] = [{ version: 1, name: 'first layout', up: () => Promise.resolve() }]

/**
 * Brings the database to the newest layout. Throws `SyncError` kind `config`, code `DATABASE_NEWER`, where a newer version of the product
 * wrote it.
 */
export async function migrate(db: Db, list: readonly Migration[] = migrations): Promise<void> {
  const meta = db.collection<SchemaDocument>('meta')
  const stored = (await meta.findOne({ _id: 'schema' }))?.version ?? 0
  const known = list.at(-1)?.version ?? 0
  if (stored > known) throw newer(stored, known)
  for (const { version, name, up } of list) {
    if (version <= stored) continue
    await up(db)
    await meta.updateOne({ _id: 'schema' }, { $max: { version }, $set: { name } }, { upsert: true })
  }
}

function newer(stored: number, known: number): SyncError {
  return new SyncError({
    code: 'DATABASE_NEWER',
    kind: 'config',
    message: {
      vi: `Cơ sở dữ liệu do phiên bản AMIS Sync mới hơn ghi (cấu trúc ${stored}, bản này biết đến ${known}). Cài lại phiên bản mới hơn, hoặc dùng cơ sở dữ liệu khác.`,
      en: `The database was written by a newer version of AMIS Sync (layout ${stored}, this one knows ${known}). Install the newer version again, or use another database.`,
    },
    detail: { stored, known },
  })
}
