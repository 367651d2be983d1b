import { boundedFetch, childOf, type ServiceChallenge, type ToolCall } from '@lab/contract'
import { ErrorBody } from '../shared/responses.ts'
import type { McpServerDeps } from './deps.ts'
import type { ServiceRequest } from './tools.ts'

/** A service that takes longer for its whole answer does not answer any more. In ms. */
const timeout = 10_000

/** A service's answer: a status with a JSON object, or nothing usable. */
export type ServiceAnswer =
  | {
      readonly status: number
      readonly body: Readonly<Record<string, unknown>>
      /** It was asked with the caller's own token. */
      readonly forwarded: boolean
    }
  | { readonly unavailable: unknown }

/**
 * Sends a call to its service with the pattern's credentials. Where the service answers 401 with a challenge, the
 * pattern may answer that, once.
 * @throws what the pattern's `prepareRequest` throws
 */
export async function sendToService(
  call: ToolCall,
  request: ServiceRequest,
  deps: McpServerDeps,
): Promise<ServiceAnswer> {
  const first = await attempt(call, request, deps)
  if ('unavailable' in first || !first.challenge || hasNothingToRenew(first.challenge)) return first
  return attempt({ ...call, challenge: first.challenge }, request, deps)
}

async function attempt(
  call: ToolCall,
  { method, path, body }: ServiceRequest,
  { handler, server, serviceUrls, fetch }: McpServerDeps,
): Promise<ServiceAnswer & { readonly challenge?: ServiceChallenge | undefined }> {
  const url = serviceUrls[call.service] + path
  const text = body === undefined ? undefined : JSON.stringify(body)
  const outbound = { method, url, ...(text !== undefined && { body: text }) }
  // Not inside the `try`: a header that cannot be sent is the pattern's fault and no outage.
  const headers = new Headers(await handler.prepareRequest(call, outbound, server))
  headers.set('traceparent', childOf(call.traceparent))
  if (text !== undefined) headers.set('content-type', 'application/json')
  try {
    const response = await boundedFetch(fetch, { timeout })(url, {
      method,
      headers,
      ...(text !== undefined && { body: text }),
      ...(call.signal && { signal: call.signal }),
    })
    if (response.status === 429) throw new TypeError('the service is overloaded')
    const answer: unknown = await response.json()
    if (typeof answer !== 'object' || answer === null) throw new TypeError('the answer is no JSON object')
    // A proxy's page, or an error in another's words, is no answer of the service.
    if (!response.ok) ErrorBody.parse(answer)
    return {
      status: response.status,
      body: { ...answer },
      forwarded: call.session !== undefined && carries(headers, call.session.token),
      challenge: challengeIn(response),
    }
  } catch (error) {
    return { unavailable: error }
  }
}

function carries(headers: Headers, token: string): boolean {
  return [...headers.values()].some((value) => value.includes(token))
}

/** A key is not renewed, and a refused one would be refused again. Schemes are the same in either case (RFC 9110 section 11.1). */
function hasNothingToRenew({ scheme }: ServiceChallenge): boolean {
  return scheme.toLowerCase() === 'apikey'
}

/**
 * A 401's challenge, with the nonce that came beside it. Of several (RFC 9110 section 11.6.1) the one that asks for a
 * nonce: the pattern can answer that.
 */
function challengeIn({ status, headers }: Response): ServiceChallenge | undefined {
  const challenges = status === 401 ? challengesOf(headers.get('www-authenticate') ?? '') : []
  const challenge = challenges.find(({ error }) => error === 'use_dpop_nonce') ?? challenges[0]
  const nonce = headers.get('dpop-nonce')
  return challenge && { ...challenge, ...(nonce && { nonce }) }
}

/** A parameter with its value, or else the name of a scheme (RFC 9110 section 11.2). */
const part = /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/g

function challengesOf(header: string): { readonly scheme: string; error?: string }[] {
  const challenges: { readonly scheme: string; error?: string }[] = []
  for (const [, parameter, quoted, token, scheme] of header.matchAll(part)) {
    if (scheme) challenges.push({ scheme })
    const [challenge, value] = [challenges.at(-1), quoted || token]
    if (challenge && parameter === 'error' && value) challenge.error = value
  }
  return challenges
}
