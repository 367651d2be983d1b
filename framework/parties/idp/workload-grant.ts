import { ReplayCache, signatureAlgorithms } from '@lab/contract'
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type { TokenEndpointGrantContext } from 'oidc-provider'
import { CustomOIDCProviderError, InvalidScope } from 'oidc-provider/lib/helpers/errors.js'
import { buildTokenResponse } from 'oidc-provider/lib/helpers/grants.js'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { jwtBearerGrant, resourceServer } from './client-metadata.ts'
import type { LiveRealm } from './live-realm.ts'
import { foreignScopes } from './token-claims.ts'

/** A second issuer: the platform that gives its workloads tokens. The IdP trusts it for that and for nothing else. */
export interface WorkloadIssuer {
  readonly issuer: string
  readonly jwks: JSONWebKeySet
}

/** A workload's token is short: one that says otherwise was not made for this. In seconds. */
const maxAge = 600

type AssertionContext = TokenEndpointGrantContext<{ assertion?: string; scope?: string }>

/**
 * Adds the grant by which a workload's token becomes an access token of the client that it proves (RFC 7523 section 2.1
 * and section 3). Each token is taken once: it is a bearer credential, and lies in a file.
 */
export function addWorkloadGrant(
  provider: Provider,
  realm: LiveRealm,
  trusted: WorkloadIssuer | undefined,
): void {
  const keys = createLocalJWKSet(trusted?.jwks ?? { keys: [] })
  const used = new ReplayCache()

  const verify = async (assertion: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(assertion, keys, {
      issuer: trusted?.issuer ?? '',
      audience: provider.issuer,
      algorithms: signatureAlgorithms,
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      maxTokenAge: maxAge,
    }).catch((cause: Error) => {
      throw new InvalidGrant(`the workload token does not hold: ${cause.message}`)
    })
    // An audience beside this one would have it in its hands, too.
    if (payload.aud !== provider.issuer) throw new InvalidGrant('the workload token is for others as well')
    return payload
  }

  const grant = async (context: TokenEndpointGrantContext): Promise<void> => {
    const ctx = context as AssertionContext
    const { client, params } = ctx.oidc
    const known = realm.clientOf(client)
    // A client that no workload proves is refused before: this grant is none of its own.
    if (!trusted) {
      throw new CustomOIDCProviderError('unauthorized_client', 'no workload proves this client here')
    }
    if (!params.assertion) throw new InvalidGrant('the assertion is missing')
    const requested = params.scope?.split(' ').filter(Boolean) ?? []
    const foreign = foreignScopes(known, requested).join(' ')
    if (foreign) throw new InvalidScope(`Invalid scopes: ${params.scope}`, foreign)
    const { sub, jti, exp = 0 } = await verify(params.assertion)
    if (sub !== known.workload) throw new InvalidGrant('the workload token is of another workload')
    if ((await used.add(`${jti}`, (exp + 1) * 1000, Date.now(), known.clientId)) !== 'first') {
      throw new InvalidGrant('the workload token was used before')
    }
    const token = new provider.ClientCredentials({ client, scope: requested.join(' ') })
    token.resourceServer = new provider.ResourceServer(provider.issuer, resourceServer(known))
    ctx.body = buildTokenResponse(provider, {
      accessToken: await token.save(),
      tokenType: token.tokenType,
      expiresIn: token.expiration,
      scope: token.scope,
    })
  }
  provider.registerGrantType(jwtBearerGrant, grant, ['assertion', 'scope'])
}

class InvalidGrant extends CustomOIDCProviderError {
  constructor(reason: string) {
    super('invalid_grant', reason)
  }
}
