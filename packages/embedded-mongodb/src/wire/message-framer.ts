import { maxMessageSizeBytes } from '../bson/codec.ts'
import { headerSize, ProtocolError } from './message.ts'

/** Cuts a byte stream into messages. Bytes are joined once per message, however small the pieces arrive. */
export class MessageFramer {
  private chunks: Buffer[] = []
  private buffered = 0

  /** Takes the next bytes and returns the messages that they complete. Throws on an impossible length. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk)
    this.buffered += chunk.length
    const messages: Buffer[] = []
    for (;;) {
      const size = this.nextSize()
      if (size === undefined || this.buffered < size) return messages
      const joined = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks)
      messages.push(joined.subarray(0, size))
      this.buffered -= size
      this.chunks = this.buffered > 0 ? [joined.subarray(size)] : []
    }
  }

  private nextSize(): number | undefined {
    if (this.buffered < 4) return undefined
    if (this.chunks[0]!.length < 4) this.chunks = [Buffer.concat(this.chunks)]
    const size = this.chunks[0]!.readInt32LE(0)
    if (size < headerSize || size > maxMessageSizeBytes) throw new ProtocolError(`Impossible message length ${size}`)
    return size
  }
}
