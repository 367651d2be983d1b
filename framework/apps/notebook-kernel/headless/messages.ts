import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'

/** One message of the Jupyter messaging protocol, version 5.3, as far as it is needed here. */
export interface Message {
  readonly type: string
  /** The id of the request that it belongs to. */
  readonly parent: string
  readonly content: Record<string, unknown>
}

const delimiter = '<IDS|MSG>'

/** Writes and reads messages, signed with the connection's key (HMAC-SHA-256, "The Wire Protocol"). */
export class MessageCodec {
  readonly #key: string
  readonly #session = randomUUID()

  constructor(key: string) {
    this.#key = key
  }

  /** @returns the frames of a request, and the id that its answers will name */
  write(type: string, content: object): { id: string; frames: string[] } {
    const id = randomUUID()
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.#session,
      username: 'headless',
      date: new Date().toISOString(),
      version: '5.3',
    }
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part))
    return { id, frames: [delimiter, this.#sign(parts), ...parts] }
  }

  /** @throws for frames that are not signed with the key */
  read(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.toString() === delimiter)
    const [signature, ...parts] = frames.slice(at + 1)
    const expected = Buffer.from(this.#sign(parts))
    if (signature?.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error('a message from the kernel has a wrong signature')
    }
    const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()))
    return { type: header.msg_type, parent: parent.msg_id, content }
  }

  #sign(parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac('sha256', this.#key)
    for (const part of parts) hmac.update(part)
    return hmac.digest('hex')
  }
}
