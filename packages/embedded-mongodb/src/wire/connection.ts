import type { Socket } from 'node:net'
import type { Request } from './message.ts'
import { encodeAnswer, parseMessage } from './message.ts'
import { MessageFramer } from './message-framer.ts'

/** Answers one request with an encoded reply document. Must not throw for anything a client sends. */
export type RequestHandler = (request: Request, connectionId: number) => Buffer

/**
 * Serves one client socket. Each request is answered before the next one is looked at, so commands are atomic. Bytes
 * that are not the protocol end this connection and nothing else.
 */
export function serveConnection(
  socket: Socket,
  connectionId: number,
  handle: RequestHandler,
  onClose: () => void,
): void {
  const framer = new MessageFramer()
  let replyId = 0
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of framer.push(chunk)) {
        const request = parseMessage(message)
        const reply = handle(request, connectionId)
        if (!request.noReply) socket.write(encodeAnswer(request, reply, (replyId = (replyId + 1) & 0x7fffffff)))
      }
    } catch {
      socket.destroy()
      return
    }
    // A client that does not read its replies must not fill the memory.
    if (socket.writableNeedDrain) {
      socket.pause()
      socket.once('drain', () => socket.resume())
    }
  })
  // 'close' follows every error.
  socket.on('error', () => socket.destroy())
  socket.on('close', onClose)
}
