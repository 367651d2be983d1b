import { writeSync } from 'node:fs'

/** So long a reader that is slow may keep a pipe full before that is an error. In ms. */
const timeout = 5_000

/**
 * Writes at once and all of it: what comes later may rely on the line.
 * @param write what writes as much as it can, and says how many bytes that were
 */
export function writeWhole(
  fd: number,
  line: string,
  write: (fd: number, bytes: Uint8Array, at: number) => number = writeSync,
): void {
  const bytes = Buffer.from(line)
  const until = Date.now() + timeout
  for (let at = 0; at < bytes.length; ) {
    try {
      at += write(fd, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || Date.now() > until) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
