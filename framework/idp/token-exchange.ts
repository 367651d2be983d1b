import { signatureAlgorithms } from '@lab/contract'
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { TokenEndpointGrantContext } from 'oidc-provider'
import { CustomOIDCProviderError, InvalidRequest, InvalidScope } from 'oidc-provider/lib/helpers/errors.js'
import { buildTokenResponse, checkDpopReplay, validateDpop } from 'oidc-provider/lib/helpers/grants.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import type { RealmClient } from '../realm/index.ts'
import type { LiveRealm } from './live-realm.ts'
import { resourceServer } from './provider-config.ts'
import { availableAudiences, foreignScopes } from './token-claims.ts'

export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

type ExchangeContext = TokenEndpointGrantContext<{
  subject_token?: string
  subject_token_type?: string
  requested_token_type?: string
  audience?: string | string[]
}>

/**
 * Adds token exchange (RFC 8693) to the token endpoint, with the semantics and the error codes of Keycloak's
 * standard token exchange: the requester's own scopes decide what it gets, not the subject token's.
 */
export function addTokenExchange(provider: Provider, realm: LiveRealm, jwks: JSONWebKeySet): void {
  const verify = subjectVerifier(provider, realm, jwks)

  const grant = async (context: TokenEndpointGrantContext): Promise<void> => {
    const ctx = context as ExchangeContext
    const { client, params } = ctx.oidc
    const proof = await validateDpop(provider, ctx)
    await checkDpopReplay(provider, ctx, proof, client.clientId, ReplayedProof)

    const requester = requesterOf(realm, client.clientId)
    if (!params.subject_token)
      throw new InvalidRequest("Parameter 'subject_token' required for standard token exchange")
    if (params.subject_token_type !== accessTokenType) {
      throw new InvalidRequest("Parameter 'subject_token' supports access tokens only")
    }
    const subject = await verify(params.subject_token)
    ctx.state.subject = subject.sub
    checkHolder(subject, requester, proof?.thumbprint)
    if ((params.requested_token_type ?? accessTokenType) !== accessTokenType) {
      throw new InvalidRequest('requested_token_type unsupported')
    }

    const requested = params.scope?.split(' ').filter(Boolean) ?? []
    const audience = [params.audience ?? []].flat()
    checkTargets(realm, audience)
    if (subject.azp !== requester.clientId && ![subject.aud].flat().includes(requester.clientId)) {
      throw new AccessDenied('Client is not within the token audience')
    }
    if (foreignScopes(requester, requested).length > 0) {
      throw new InvalidScope(`Invalid scopes: ${params.scope}`, requested.join(' '))
    }
    const available = availableAudiences(requester, requested)
    const missing = audience.filter((name) => !available.includes(name))
    if (missing.length > 0) throw new InvalidRequest(`Requested audience not available: ${missing.join(' ')}`)

    const token = new provider.AccessToken({
      client,
      accountId: subject.sub,
      sessionUid: subject.sid,
      grantId: '',
      gty: 'token_exchange',
      resourceServer: new provider.ResourceServer(provider.issuer, resourceServer(requester)),
      scope: requested.join(' '),
    })
    if (audience.length > 0) token.aud = audience
    if (proof) token.setThumbprint('jkt', proof.thumbprint)
    ctx.body = buildTokenResponse(provider, {
      accessToken: await token.save(),
      issuedTokenType: accessTokenType,
      tokenType: token.tokenType,
      expiresIn: token.expiration,
      scope: token.scope,
    })
  }
  const parameters = [
    'subject_token',
    'subject_token_type',
    'requested_token_type',
    'audience',
    'scope',
    'resource',
  ]
  provider.registerGrantType(tokenExchangeGrant, grant, parameters, ['audience', 'resource'])
}

interface Subject extends JWTPayload {
  readonly sub: string
  readonly sid: string
}

/** Keycloak says no more than `Invalid token` to whatever is wrong with a subject token. */
function subjectVerifier(provider: Provider, realm: LiveRealm, jwks: JSONWebKeySet) {
  const keys = createLocalJWKSet(jwks)
  return async (token: string): Promise<Subject> => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: provider.issuer,
      algorithms: signatureAlgorithms,
      requiredClaims: ['sub', 'sid', 'exp', 'azp'],
    }).catch((cause: unknown) => {
      throw new InvalidRequest('Invalid token', undefined, { cause })
    })
    const subject = payload as Subject
    const issuedTo = realm.client(String(payload.azp))
    const isAccessToken =
      protectedHeader.typ === issuedTo?.tokenType && ['Bearer', 'DPoP'].includes(String(payload.typ))
    // The signature says what was true at the sign-in; the session and the user say what is true now.
    const session = await provider.Session.findByUid(subject.sid)
    const isLive = session?.accountId === subject.sub && realm.userBySub(subject.sub)?.enabled
    if (!isAccessToken || !issuedTo?.enabled || !isLive) throw new InvalidRequest('Invalid token')
    return subject
  }
}

function requesterOf(realm: LiveRealm, clientId: string): RealmClient {
  const requester = realm.client(clientId)
  if (!requester?.tokenExchange) {
    throw new InvalidRequest('Standard token exchange is not enabled for the requested client')
  }
  if (requester.public) {
    throw new CustomOIDCProviderError('invalid_client', 'Public client is not allowed to exchange token')
  }
  return requester
}

/** A token bound to a key is good for its own client and with that key alone. */
function checkHolder(subject: Subject, requester: RealmClient, thumbprint: string | undefined): void {
  const { jkt } = (subject.cnf ?? {}) as { jkt?: string }
  if (!jkt) return
  if (subject.azp !== requester.clientId) {
    const reason =
      'Sender-constrained token exchange rejected as the token was not issued for the requesting client'
    throw new InvalidRequest(reason)
  }
  if (!thumbprint) throw new InvalidRequest('DPoP proof is missing')
  if (jkt !== thumbprint) throw new InvalidRequest('DPoP proof and token binding verification failed')
}

function checkTargets(realm: LiveRealm, audience: readonly string[]): void {
  for (const clientId of audience) {
    const target = realm.client(clientId)
    if (!target) throw new CustomOIDCProviderError('invalid_client', 'Audience not found')
    if (!target.enabled) throw new CustomOIDCProviderError('invalid_client', 'Client disabled')
  }
}

class AccessDenied extends CustomOIDCProviderError {
  constructor(reason: string) {
    super('access_denied', reason)
    this.status = 403
    this.statusCode = 403
  }
}

class ReplayedProof extends CustomOIDCProviderError {
  constructor() {
    super('invalid_request', 'DPoP proof has already been used')
  }
}
