import { randomBytes } from 'node:crypto'

/** Version 00 of the W3C Trace Context header, sampled or not. */
const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Any version: a later one may have more parts (W3C Trace Context section 3.2.4). At most 512 characters. */
const wellFormed =
  /^(?!ff)(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}|(?!00)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,456})?)$/

/** Tells whether what came as a `traceparent` is none: garbage, or an attempt to write into a log. */
export function isMalformedTraceparent(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && wellFormed.test(value))
}

/** A `traceparent` of a new trace (W3C Trace Context section 3.2). */
export function newTraceparent(): string {
  const ids = randomBytes(24).toString('hex')
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`
}

/** The same trace with a new span: what an outbound request carries. */
export function childOf(traceparent: string): string {
  return `00-${traceIdOf(traceparent)}-${randomBytes(8).toString('hex')}-01`
}

/** The first of the values that is a valid `traceparent`; a new one where none is. */
export function traceparentFrom(...values: readonly unknown[]): string {
  const found = values.find((value) => typeof value === 'string' && pattern.test(value))
  return typeof found === 'string' ? found : newTraceparent()
}

/** The 32 hex digits that all records of a trace share. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}
