import { EmbeddedMongoError } from './errors.ts'

/** Where the server listens: loopback TCP or a unix socket. Nothing else, because there is no authentication. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: '127.0.0.1'; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

export interface AddressOptions {
  readonly port?: number
  readonly host?: string
  readonly socketPath?: string
}

export function toListenAddress({ port, host, socketPath }: AddressOptions): ListenAddress {
  if (socketPath !== undefined) return { kind: 'unix', path: socketPath }
  if (host !== undefined && host !== '127.0.0.1' && host !== 'localhost') {
    throw new EmbeddedMongoError('EMBEDDED_MONGO_ADDRESS_REFUSED', {
      vi: `Cơ sở dữ liệu nhúng không có xác thực nên chỉ lắng nghe ở 127.0.0.1 hoặc unix socket, không phải "${host}". Hãy bỏ tùy chọn host, hoặc dùng MongoDB thật qua MONGODB_URI.`,
      en: `The embedded database has no authentication, so it listens on 127.0.0.1 or a unix socket only, not on "${host}". Leave out the host, or use a real MongoDB through MONGODB_URI.`,
    })
  }
  return { kind: 'tcp', host: '127.0.0.1', port: port ?? 0 }
}

/** The connection string for drivers. Pool, retry and topology settings come through it, so callers need none. */
export function toUri(address: ListenAddress): string {
  const host = address.kind === 'tcp' ? `${address.host}:${address.port}` : encodeURIComponent(address.path)
  return `mongodb://${host}/?directConnection=true&retryWrites=false`
}
