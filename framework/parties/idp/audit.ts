import { randomBytes } from 'node:crypto'
import { type AuditRecord, actorsOf } from '@lab/contract'
import { decodeJwt } from 'jose'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { reportDefect } from '../../process/exit.ts'
import type { LiveRealm } from './live-realm.ts'
import { Unrecorded } from './unrecorded.ts'

/** A record of the IdP's. It does not know which pattern is running. */
export type IdpRecord = Omit<AuditRecord, 'pattern'>
export type IdpAudit = (record: IdpRecord) => void

type Fact = Omit<IdpRecord, 'time' | 'trace' | 'service' | 'decidedBy' | 'resources'> & {
  readonly resources?: readonly string[]
}

/**
 * Writes one record, under the trace of the request that it is about.
 * @throws {Unrecorded} where it cannot be written
 */
export function record(audit: IdpAudit, traceparent: string | undefined, fact: Fact): void {
  try {
    audit({
      time: new Date().toISOString(),
      trace: /^00-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1] ?? randomBytes(16).toString('hex'),
      service: 'idp',
      resources: [],
      decidedBy: 'idp',
      ...fact,
    })
  } catch (cause) {
    throw new Unrecorded(cause)
  }
}

const actions: Record<string, string> = {
  authorization_code: 'code_exchange',
  refresh_token: 'token_refresh',
  client_credentials: 'client_credentials',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'workload_token',
  'urn:openid:params:grant-type:ciba': 'approved_token',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'token_exchange',
}

/** Records what the token endpoint grants and refuses, and the sign-ins that are refused before a login page. */
export function recordGrants(provider: Provider, realm: LiveRealm, audit: IdpAudit): void {
  provider.on('grant.success', (ctx) => {
    const { access_token: token } = ctx.body as { access_token: string }
    const claims = decodeJwt(token)
    record(audit, ctx.get('traceparent'), {
      ...requestOf(ctx),
      resources: [claims.aud ?? []].flat().map((audience) => `audience:${audience}`),
      ...userOf(realm, String(claims.sub)),
      actors: actorsOf(claims.act),
      scopes: String(claims.scope).split(' ').filter(Boolean),
      jti: String(claims.jti),
      decision: 'allow',
      reason: claims.cnf ? 'token issued, bound to a key' : 'token issued',
      status: 200,
    })
  })
  provider.on('grant.error', (ctx, error) => {
    // What says that a record could not be written has none either.
    if (error instanceof Unrecorded) return
    // Nothing is decided yet: the client asks again.
    if (error.message === 'authorization_pending') return
    record(audit, ctx.get('traceparent'), {
      ...requestOf(ctx),
      resources: [ctx.oidc.params?.audience ?? []].flat().map((audience) => `audience:${audience}`),
      ...userOf(realm, ctx.state.subject),
      decision: 'deny',
      reason: oauthReason(error),
      status: ctx.status,
    })
  })
  provider.on('backchannel_authentication.error', (ctx, error) => {
    if (error instanceof Unrecorded) return
    record(audit, ctx.get('traceparent'), {
      ...requestOf(ctx),
      action: 'approval',
      ...userOf(realm, ctx.oidc.account?.accountId),
      decision: 'deny',
      reason: oauthReason(error),
      status: ctx.status,
    })
  })
  provider.on('authorization.error', (ctx, error) => {
    const clientId = ctx.oidc.params?.client_id
    record(audit, ctx.get('traceparent'), {
      action: 'login',
      ...(typeof clientId === 'string' && { client: clientId }),
      decision: 'deny',
      reason: oauthReason(error),
      status: 400,
    })
  })
  provider.on('server_error', (ctx, error) => {
    record(audit, ctx.get('traceparent'), {
      ...requestOf(ctx),
      decision: 'error',
      reason: 'the IdP failed',
      status: 500,
    })
    // A defect of this program, not of a request: whoever runs it should see it.
    reportDefect(error)
  })
}

function requestOf(ctx: KoaContextWithOIDC) {
  const { params, client } = ctx.oidc
  const scope = params?.scope
  return {
    action: actions[String(params?.grant_type)] ?? 'token_request',
    ...(client && { client: client.clientId }),
    ...(typeof scope === 'string' && { scopes: scope.split(' ') }),
  }
}

function userOf(realm: LiveRealm, sub: string | undefined) {
  const user = realm.userBySub(sub ?? '')
  return user && { user: user.username }
}

function oauthReason(error: Error & { error_description?: string | undefined }): string {
  return [error.message, error.error_description].filter(Boolean).join(': ')
}
