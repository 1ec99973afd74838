import type { IncomingMessage } from 'node:http'

/** Largest body that a system takes (§0.2). */
const MAX_BODY = 10 * 1024 * 1024

/** A body as it arrived; one that is too large is counted but not kept. */
export interface Body {
  readonly bytes: Buffer
  readonly size: number
  readonly tooLarge: boolean
}

/** Reads a body to its end, so that the answer reaches a client that is still sending. */
export function readBody(request: IncomingMessage): Promise<Body> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_BODY) chunks = []
      else chunks.push(chunk)
    })
    request.on('end', () =>
      resolve({ bytes: size > MAX_BODY ? Buffer.alloc(0) : Buffer.concat(chunks), size, tooLarge: size > MAX_BODY }),
    )
    request.on('error', reject)
    request.on('close', () => reject(new Error('the request was cut')))
  })
}
