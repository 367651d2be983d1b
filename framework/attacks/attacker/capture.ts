import { decodeProtectedHeader } from 'jose'
import type { Run } from '../../runner/pattern-runner.ts'
import type { Exchange, Outgoing } from '../../trace/recorder/hop.ts'

/** A victim's run, and what somebody on the wire saw of it. */
export interface CapturedRun {
  readonly run: Run
  readonly exchanges: readonly Exchange[]
}

/** A victim's run with the request that a service served. */
export interface CapturedCall extends CapturedRun {
  readonly call: Exchange
}

type Request = Pick<Outgoing, 'requestHeaders' | 'requestBody'>

/** Headers that say how a message is carried, and nothing about what is in it. */
const transport = new Set(['connection', 'content-length', 'host'])

/** Headers that any client sends: they say nothing about the caller. */
const ordinary = new Set([
  ...transport,
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'sec-fetch-mode',
  'traceparent',
  'user-agent',
])

/** The possible credentials of a captured request: all headers that an ordinary client would not send. */
export function credentialsOf({ requestHeaders }: Pick<Request, 'requestHeaders'>): Record<string, string> {
  return Object.fromEntries([...requestHeaders].filter(([name]) => !ordinary.has(name)))
}

/** The rest of it: what a request needs to be understood. */
export function carriersOf({ requestHeaders }: Pick<Request, 'requestHeaders'>): Record<string, string> {
  return Object.fromEntries(
    [...requestHeaders].filter(([name]) => ordinary.has(name) && !transport.has(name)),
  )
}

export function hasCredentials(request: Pick<Request, 'requestHeaders'>): boolean {
  return Object.keys(credentialsOf(request)).length > 0
}

/** The strings in a captured request's credentials: schemes left aside. */
export function secretsOf(request: Pick<Request, 'requestHeaders'>): string[] {
  return Object.values(credentialsOf(request)).map(secretIn)
}

const usualHeaders = new Set(['authorization', 'dpop', 'x-api-key'])

/** The headers that sign a request (RFC 9421, RFC 9530). With another value in it nothing else of the request is looked at. */
const signatures = new Set(['signature', 'signature-input', 'content-digest'])

/** True for a header that is neither a usual credential nor what any client sends. */
export function mayNameSomebody(name: string): boolean {
  return !usualHeaders.has(name) && !ordinary.has(name) && !signatures.has(name)
}

/** Every way in which a string could be presented to a service: the usual ones, and wherever a seen request has one. */
export function presentedAs(secret: string, seen: Pick<Request, 'requestHeaders'>): Record<string, string>[] {
  const credentials = credentialsOf(seen)
  const others = Object.keys(credentials).filter((name) => !usualHeaders.has(name))
  return [
    { 'x-api-key': secret },
    { authorization: `Bearer ${secret}` },
    { authorization: `DPoP ${secret}` },
    ...others.map((name) => withSecretAt(name, credentials, secret)),
  ]
}

/** The JWT in a captured request: in `Authorization`, or in a header of the pattern's own. */
export function tokenIn(request: Pick<Request, 'requestHeaders'>): string | undefined {
  const place = placeOfToken(request)
  return place && secretIn(credentialsOf(request)[place] ?? '')
}

/**
 * The credentials of a captured request, with another token in the place of its own.
 * @throws where it has none
 */
export function withToken(request: Pick<Request, 'requestHeaders'>, token: string): Record<string, string> {
  const place = placeOfToken(request)
  if (!place) throw new Error('the captured request carries no token')
  return withSecretAt(place, credentialsOf(request), token)
}

/** The DPoP proof (RFC 9449 section 4.1). */
export function proofIn({ requestHeaders }: Pick<Request, 'requestHeaders'>): string | undefined {
  return requestHeaders.get('dpop') ?? undefined
}

/** True for a request that is signed as a whole (RFC 9421 section 4.1). */
export function isSigned({ requestHeaders }: Pick<Request, 'requestHeaders'>): boolean {
  return requestHeaders.has('signature-input')
}

/**
 * The request that a service served in an honest run. That it was served is the control of every attack that sends
 * it again with something changed: the change alone can then be what a refusal is about.
 * @throws where there was none
 */
export function serviceCall(exchanges: readonly Exchange[]): Exchange {
  return served(exchanges.findLast(isToService), 'service')
}

/** True if the MCP server sent a request to a service, whatever came of it. */
export function reachedService(exchanges: readonly Exchange[]): boolean {
  return exchanges.some(isToService)
}

function isToService({ from, to }: Exchange): boolean {
  return from === 'mcp-server' && to !== 'idp' && to !== 'pdp'
}

/**
 * The request that called the tool at the MCP server in an honest run, under the same condition.
 * @throws where there was none
 */
export function toolCall(exchanges: readonly Exchange[]): Exchange {
  // The MCP server answers 200 to a call that failed behind it.
  serviceCall(exchanges)
  const found = exchanges.findLast(
    ({ to, requestBody }) => to === 'mcp-server' && requestBody.includes('"tools/call"'),
  )
  return served(found, 'MCP server')
}

function served(exchange: Exchange | undefined, who: string): Exchange {
  if (!exchange) throw new Error(`the honest run reached no ${who}, so there was nothing to capture`)
  if (exchange.status >= 300) throw new Error(`the ${who} refused the honest run with ${exchange.status}`)
  return exchange
}

/** The exchange at the token endpoint that gave the MCP server its credentials, where there was one. */
export function tokenExchange(exchanges: readonly Exchange[]): Exchange | undefined {
  return exchanges.findLast(({ to, requestBody }) => to === 'idp' && requestBody.includes('subject_token='))
}

/** The audience and the scopes of an exchange, of which it may leave either to the IdP (RFC 8693 section 2.1). */
export function askedIn({ requestBody }: Pick<Request, 'requestBody'>): {
  readonly audience?: string
  readonly scope: string[]
} {
  const form = new URLSearchParams(requestBody)
  const audience = form.get('audience')
  return { ...(audience && { audience }), scope: (form.get('scope') ?? '').split(' ').filter(Boolean) }
}

/** The request at the token endpoint in which the agent asked for a token of its own, where there was one. */
export function ownTokenRequest(exchanges: readonly Exchange[]): Exchange | undefined {
  return exchanges.findLast(
    ({ to, requestBody }) => to === 'idp' && requestBody.includes('grant_type=client_credentials'),
  )
}

function placeOfToken(request: Pick<Request, 'requestHeaders'>): string | undefined {
  const credentials = Object.entries(credentialsOf(request))
  return credentials.find(([name, value]) => name !== 'dpop' && isJwt(secretIn(value)))?.[0]
}

/** A header's value without its scheme. */
function secretIn(value: string): string {
  return value.split(' ').at(-1) ?? ''
}

function withSecretAt(name: string, credentials: Record<string, string>, secret: string) {
  const scheme = (credentials[name] ?? '').split(' ').slice(0, -1)
  return { ...credentials, [name]: [...scheme, secret].join(' ') }
}

function isJwt(text: string): boolean {
  try {
    return decodeProtectedHeader(text).alg !== undefined
  } catch {
    // Some other credential: a key.
    return false
  }
}
