import { ACCOUNTING_API } from '../accounting/api.ts'
import { CRM_API } from '../crm/api.ts'
import type { Json } from '../model/json.ts'
import { SYSTEM_API } from '../system/api.ts'
import type { Body } from './body.ts'
import type { Exchange, SystemApi } from './exchange.ts'

const APIS: readonly SystemApi[] = [CRM_API, ACCOUNTING_API, SYSTEM_API]

/** The system that a path belongs to. */
export function systemOwning(path: string): SystemApi | undefined {
  return APIS.find((api) => api.owns(path))
}

/** A request, taken apart. */
export function toExchange(
  request: { readonly method: string; readonly url: string; readonly headers: Exchange['headers'] },
  { bytes, size, tooLarge }: Body,
): Exchange {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s)
  let body: Json
  let malformed = false
  if (bytes.length > 0) {
    try {
      body = JSON.parse(bytes.toString('utf8')) as Json
    } catch {
      malformed = true
    }
  }
  const { method, headers } = request
  return { method, path, query: new URLSearchParams(query), headers, size, tooLarge, body, malformed }
}
