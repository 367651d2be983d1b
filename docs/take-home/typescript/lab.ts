import type { Caller } from './access-token.ts'
import { Refused } from './refused.ts'

/** The parts that a company has behind a service: database, log, clock, users, OPA. Here all of it is the lab's. */
const { LAB_URL = '', OPA_URL = LAB_URL } = process.env

export interface Expense {
  readonly id: number
  readonly owner: string
  readonly amount: number
  readonly description: string
  readonly status: string
}

export interface Resource {
  readonly type: 'expense'
  readonly id: string
  readonly owner: string
}

export interface Decision {
  readonly allow: boolean
  readonly rule: string
  readonly reason: string
}

/** In ms. The attacks move this clock; in your service it is `Date.now()`. */
export async function now(): Promise<number> {
  return (await json<{ now: number }>('/clock')).now
}

export async function userOf(sub: string): Promise<string | undefined> {
  const answer = await send(`/users/${encodeURIComponent(sub)}`)
  return answer.ok ? ((await answer.json()) as { name: string }).name : undefined
}

export const expensesOf = (owner: string): Promise<Expense[]> =>
  json(`/expenses?owner=${encodeURIComponent(owner)}`)

export async function expense(id: string): Promise<Expense | undefined> {
  const answer = await send(`/expenses/${id}`)
  return answer.ok ? ((await answer.json()) as Expense) : undefined
}

/** Writes to the database or the log, under the caller's trace (W3C Trace Context). A 409 says: done already. */
export async function write(path: string, body: unknown, traceparent: string | undefined): Promise<Response> {
  const answer = await send(path, body, traceparent)
  if (!answer.ok && answer.status !== 409)
    throw new Refused(503, 'audit_unavailable', 'this cannot be recorded')
  return answer
}

/** OPA's REST API. Without one decision for each resource nothing is allowed. */
export async function askOpa(
  policy: string,
  { user, roles, client, actors, scopes }: Caller,
  action: string,
  resources: readonly Resource[],
): Promise<readonly Decision[]> {
  const input = { subject: { user, roles }, client, actors, scopes, action, resources }
  const answer = await send(`/v1/data/agentauth/${policy}/decisions`, { input }, undefined, OPA_URL)
  const { result = [] } = answer.ok ? ((await answer.json()) as { result?: Decision[] }) : {}
  if (result.length !== resources.length) throw new Refused(503, 'pdp_unavailable', 'OPA gives no decision')
  return result
}

const json = async <T>(path: string) => (await send(path)).json() as Promise<T>

function send(path: string, body?: unknown, traceparent?: string, base = LAB_URL): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(traceparent && { traceparent }) }
  const timeout = { signal: AbortSignal.timeout(5_000) }
  return fetch(
    base + path,
    body ? { method: 'POST', headers, body: JSON.stringify(body), ...timeout } : timeout,
  )
}
