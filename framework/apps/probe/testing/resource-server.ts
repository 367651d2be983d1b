import { randomUUID } from 'node:crypto'
import { listen } from '@lab/services'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  jwtVerify,
} from 'jose'

/** Mistakes of servers, one at a time or several. */
export type Mistake =
  | 'accepts-anybody'
  | 'refuses-everybody'
  | 'decodes-only'
  | 'no-audience-check'
  | 'audience-by-prefix'
  | 'audience-if-present'
  | 'no-issuer-check'
  | 'no-expiry-check'
  | 'expiry-if-present'
  | 'any-type'
  | 'key-from-header'
  | 'no-scope-check'
  | 'fails-open'
  | 'token-in-query'
  | 'session-is-enough'
  | 'session-of-anybody'
  | 'answers-from-cache'
  | 'any-origin'
  | 'repeats-token'
  | 'fails-at-garbage'
  | 'no-challenge'
  | 'no-metadata'
  | 'says-nothing'
  | 'passes-token-on'
  | 'believes-header'
  | 'any-expiry'
  | 'first-claim-wins'
  | 'any-iat'
  | 'any-acr'
  | 'any-binding'
  | 'any-spelling'
  | 'open-stream'
  | 'no-body-limit'
  | 'no-step-up-challenge'
  | 'keeps-verdicts'
  | 'any-text'
  | 'fails-at-long'
  | 'any-start'
  | 'any-extension'
  | 'any-host'
  | 'any-reader'
  | 'keeps-keys'
  /** No mistake: it asks the issuer about each token. */
  | 'introspects'

/** The issuer that a server trusts. */
interface Trusted {
  readonly url: string
  readonly jwksUrl: string
  readonly introspectionUrl: string
}

const stepUp = 'insufficient_user_authentication", acr_values="mfa'

export const audienceOf = (base: string) => `${base}/mcp`

/** A small MCP server that is an OAuth resource server, right but for its mistakes. */
export async function resourceServer(trusted: () => Trusted, api: string | undefined, ...made: Mistake[]) {
  const has = (mistake: Mistake) => made.includes(mistake)
  const listener = await listen(0, undefined, has('any-host') ? 'evil.example' : undefined)
  const sessions = new Map<string, string>()
  let cached: string | undefined
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined

  const verdicts = new Map<string, boolean>()
  const isActive = async (token: string): Promise<boolean> => {
    const known = has('keeps-verdicts') ? verdicts.get(token) : undefined
    if (known !== undefined) return known
    const body = new URLSearchParams({ token })
    const answer = await fetch(trusted().introspectionUrl, { method: 'POST', body })
    const { active } = (await answer.json()) as { active: boolean }
    verdicts.set(token, active)
    return active
  }

  const verify = async (token: string): Promise<JWTPayload> => {
    if (has('decodes-only')) return decodeJwt(token)
    if (has('any-text') && !token.includes('.')) return { sub: 'alice', scope: 'read', acr: 'mfa' }
    const { url, jwksUrl } = trusted()
    const cooldownDuration = has('keeps-keys') ? 600_000 : 0
    keys ??= createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration, cacheMaxAge: 600_000 })
    const { jwk } = decodeProtectedHeader(token)
    const key = has('key-from-header') && jwk ? createLocalJWKSet({ keys: [jwk] }) : keys
    const signature = token.split('.')[2] ?? ''
    const isCanonical = Buffer.from(signature, 'base64url').toString('base64url') === signature
    if (!isCanonical && !has('any-spelling')) throw new Error('spelling')
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    const misread =
      (has('any-expiry') && !['number', 'undefined'].includes(typeof decodeJwt(token).exp)) ||
      (has('any-start') && decodeJwt(token).nbf !== undefined) ||
      (has('first-claim-wins') && /"aud".*"aud"/.test(text))
    // The signature has its own mistakes.
    if (misread) return decodeJwt(token)
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      ...(!has('no-issuer-check') && { issuer: url }),
      ...(!has('any-type') && { typ: 'at+jwt' }),
      ...(has('any-extension') && { crit: { 'urn:agent-auth-lab:unknown': true } }),
      ...(has('no-expiry-check') && { currentDate: new Date(0) }),
    })
    const here = audienceOf(listener.url)
    const audiences = [payload.aud ?? []].flat()
    const isAddressed = has('audience-by-prefix')
      ? audiences.some((each) => each.startsWith(here))
      : audiences.includes(here)
    const skipped = has('no-audience-check') || (has('audience-if-present') && payload.aud === undefined)
    if (!isAddressed && !skipped) throw new Error('aud')
    if (payload.exp === undefined && !has('expiry-if-present') && !has('no-expiry-check'))
      throw new Error('exp')
    if (Number(payload.iat) > Date.now() / 1000 + 60 && !has('any-iat')) throw new Error('iat')
    if (payload.cnf && !has('any-binding')) throw new Error('cnf')
    if ((has('introspects') || has('keeps-verdicts')) && !(await isActive(token))) throw new Error('revoked')
    return payload
  }

  const refuse = (status: number, error: string, token = '') => {
    const parts = [
      `Bearer error="${error}"`,
      ...(has('no-metadata') ? [] : [`resource_metadata="${listener.url}/metadata"`]),
    ]
    const headers = has('no-challenge') ? {} : { 'www-authenticate': parts.join(', ') }
    return Response.json({ error, ...(has('repeats-token') && { token }) }, { status, headers })
  }

  const identify = async (request: Request): Promise<JWTPayload | Response> => {
    const header = request.headers.get('authorization')?.replace(/^Bearer /, '')
    const token =
      header ?? (has('token-in-query') ? new URL(request.url).searchParams.get('access_token') : null)
    const owner = sessions.get(request.headers.get('mcp-session-id') ?? '')
    if (!token && owner && has('session-is-enough')) return { sub: owner, scope: 'read', acr: 'mfa' }
    if (!token)
      return has('accepts-anybody')
        ? { sub: 'alice', scope: 'read', acr: 'mfa' }
        : refuse(401, 'invalid_token')
    if (has('fails-at-long') && token.length > 10_000) return new Response('too long', { status: 500 })
    try {
      return await verify(token)
    } catch (error) {
      if (has('fails-open') && error instanceof Error && /HTTP response/.test(error.message)) {
        return { ...decodeJwt(token) }
      }
      return refuse(401, 'invalid_token', token)
    }
  }

  listener.serve(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/metadata') {
      return Response.json({
        resource: audienceOf(listener.url),
        authorization_servers: [trusted().url],
      })
    }
    if (request.method === 'OPTIONS') {
      const origin = request.headers.get('origin')
      const readable = origin !== null && has('any-reader')
      const headers = {
        'access-control-allow-origin': origin ?? '',
        'access-control-allow-credentials': 'true',
      }
      return new Response(null, { status: 204, headers: readable ? headers : {} })
    }
    if (has('refuses-everybody')) return refuse(401, 'invalid_token')
    if (request.headers.has('origin') && !has('any-origin')) return refuse(403, 'forbidden_origin')
    if (request.method === 'GET' && has('open-stream')) {
      return new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
    }
    const identity = await identify(request)
    if (identity instanceof Response) return identity
    const spoofed = has('believes-header') ? request.headers.get('x-user') : null
    const user = spoofed ?? String(identity.sub)
    if (
      !String(identity.scope ?? '')
        .split(' ')
        .includes('read') &&
      !has('no-scope-check')
    ) {
      return refuse(403, 'insufficient_scope')
    }
    if (identity.acr !== 'mfa' && !has('any-acr')) {
      return refuse(401, has('no-step-up-challenge') ? 'invalid_token' : stepUp)
    }
    if (request.method !== 'POST') return new Response(null, { status: 405 })
    if (Number(request.headers.get('content-length')) > 4_000_000 && !has('no-body-limit')) {
      return new Response(null, { status: 413, headers: { connection: 'close' } })
    }
    const text = await request.text()
    let message: { id?: number; method?: string }
    try {
      message = JSON.parse(text) as typeof message
    } catch {
      return new Response('no JSON', { status: has('fails-at-garbage') ? 500 : 400 })
    }
    const answer = (result: object, headers = {}) =>
      Response.json({ jsonrpc: '2.0', id: message.id, result }, { headers })
    if (message.method === 'initialize') {
      const id = randomUUID()
      sessions.set(id, user)
      return answer({ protocolVersion: '2025-11-25', capabilities: {} }, { 'mcp-session-id': id })
    }
    const owner = sessions.get(request.headers.get('mcp-session-id') ?? '')
    if (owner === undefined) return refuse(404, 'no_session')
    if (owner !== user && !has('session-of-anybody')) return refuse(403, 'session_of_another')
    if (message.method === 'notifications/initialized') return new Response(null, { status: 202 })
    if (message.method === 'tools/list') return answer({ tools: [] })
    if (api) {
      const authorization = request.headers.get('authorization') ?? ''
      await fetch(api, { headers: { authorization: has('passes-token-on') ? authorization : 'Bearer own' } })
    }
    cached ??= user
    const whose = has('answers-from-cache') ? cached : user
    return answer({ content: [{ type: 'text', text: has('says-nothing') ? 'rows' : `rows of ${whose}` }] })
  })
  return listener
}
