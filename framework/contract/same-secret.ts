import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares digests, so that the time it takes tells neither content nor length. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
