import { EmbeddedMongoError } from '@amis-sync/embedded-mongodb'

/** A text in both languages for an embedded database that cannot start. */
export function explainDatabase(error: unknown): { code: string; vi: string; en: string } {
  if (error instanceof EmbeddedMongoError) return { code: error.code, ...error.messages }
  const text = error instanceof Error ? error.message : String(error)
  return {
    code: 'EMBEDDED_MONGO_FAILED',
    vi: `Cơ sở dữ liệu nhúng không khởi động được: ${text}. Hãy kiểm tra quyền ghi vào thư mục dữ liệu, hoặc đặt AMIS_SYNC_DATA sang thư mục khác`,
    en: `The embedded database cannot start: ${text}. Check that the data directory can be written, or set AMIS_SYNC_DATA to another one`,
  }
}
