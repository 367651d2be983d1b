import type { AuditRecord } from '@lab/contract'
import type { Hop, Party } from '../recorder/hop.ts'

/** Names for tokens and texts: `asRecorded`, or names that are the same in every run. */
export interface Names {
  text(redacted: string): string
  token(fingerprint: string): string
}

/** One question and its answer on the way of a call, in words. */
export interface Step {
  readonly from: Party
  readonly to: Party
  readonly asks: string
  /** The credentials that a request carries; empty if it carries none. */
  readonly credential: string
  readonly answer: string
  readonly refused: boolean
  /** The times of request and answer, in ms of one clock: steps between the two are nested. */
  readonly started: number
  readonly ended: number
  /** The recorded requests behind it. */
  readonly hops?: readonly Hop[]
}

/** The token that an answer brings, by its name; the status of one that brings none. */
export function tokenIn({ response }: Hop, names: Names): string {
  const token = /"access_token":"(‹[^›]+›)"/.exec(response.body)?.[1]
  return token ? names.text(token) : String(response.status)
}

/** The status of an answer, and the reason where it is a refusal. */
export function answerOf({ response }: Hop): string {
  if (response.status < 400) return String(response.status)
  return `${response.status} ${reasonIn(response.body)}`.trim()
}

function reasonIn(body: string): string {
  const { reason, error_description, error } = body.startsWith('{')
    ? JSON.parse(body)
    : ({} as Partial<AuditRecord>)
  return reason ?? error_description ?? error ?? ''
}

export function endOf({ started, duration }: Hop): number {
  return started + duration
}
