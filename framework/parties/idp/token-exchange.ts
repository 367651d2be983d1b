import type { JSONWebKeySet } from 'jose'
import type { TokenEndpointGrantContext } from 'oidc-provider'
import { CustomOIDCProviderError, InvalidRequest, InvalidScope } from 'oidc-provider/lib/helpers/errors.js'
import { buildTokenResponse, checkDpopReplay, validateDpop } from 'oidc-provider/lib/helpers/grants.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import type { RealmClient } from '../../scenario/realm/index.ts'
import { resourceServer, tokenExchangeGrant } from './client-metadata.ts'
import type { LiveRealm } from './live-realm.ts'
import { checkHolder, subjectVerifier } from './subject-token.ts'
import { availableAudiences, foreignScopes } from './token-claims.ts'

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
    const requester = requesterOf(realm, client.clientId)
    const subject = await verify(subjectTokenOf(params))
    ctx.state.subject = subject.sub
    checkHolder(subject, requester, proof?.thumbprint)
    // Remembered for those alone who hold a token: anybody can make proofs, of as many keys as they like.
    await checkDpopReplay(provider, ctx, proof, client.clientId, ReplayedProof)
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

function subjectTokenOf(params: ExchangeContext['oidc']['params']): string {
  for (const name of ['subject_token', 'subject_token_type'] as const) {
    if (!params[name]) throw new InvalidRequest(`Parameter '${name}' required for standard token exchange`)
  }
  if (params.subject_token_type !== accessTokenType) {
    throw new InvalidRequest("Parameter 'subject_token' supports access tokens only")
  }
  return String(params.subject_token)
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
