import { AuthError, type AuthScheme, clockToleranceSeconds, type TokenVerifier } from '@lab/contract'
import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { requestOptions } from './discovery.ts'

/** An authorization server's answer about an active opaque token (RFC 7662 section 2.2). */
export interface IntrospectedToken {
  readonly userId: string
  readonly client: string
  readonly scopes: readonly string[]
  readonly claims: Readonly<Record<string, unknown>>
}

const Active = z.looseObject({
  sub: z.string(),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  client_id: z.string().optional(),
  scope: z.string().default(''),
  token_type: z.string().optional(),
  /** Keycloak's word for the kind of token. */
  typ: z.string().optional(),
  cnf: z.unknown().optional(),
})

/** The kinds that Keycloak gives to access tokens: an ID token or a refresh token is active too. */
const accessTokenKinds = ['Bearer', 'DPoP', 'at+jwt']

/**
 * Makes the check of access tokens that only their issuer can read: each one is asked about (RFC 7662), so that a
 * revoked token ends at once.
 * @param options.metadata the issuer's, as `discover` gives it
 * @param options.clientId who asks: a resource server has credentials for this
 */
export function createIntrospector(options: {
  readonly metadata: oauth.AuthorizationServer
  readonly clientId: string
  readonly clientSecret: string
  readonly fetch: typeof fetch
}) {
  const { metadata, clientId, clientSecret, fetch } = options
  const client: oauth.Client = { client_id: clientId }

  /**
   * @param expected.audience the audience that the token must be addressed to
   * @param expected.scheme the way in which it came; default: `Bearer`. A token that came by `DPoP` is bound to a key, and
   *   its proof is still to be verified
   * @throws {AuthError} `invalid_token` for one that does not hold or is somebody else's, `idp_unavailable` where there
   *   is no answer that can be relied on
   */
  return async (
    token: string,
    verifier: Pick<TokenVerifier, 'userOf' | 'now'>,
    expected: {
      readonly audience: string
      readonly traceparent: string
      readonly scheme?: Exclude<AuthScheme, 'ApiKey'>
    },
  ): Promise<IntrospectedToken> => {
    const answer = await ask(token, expected.traceparent)
    if (answer.active !== true)
      throw new AuthError('invalid_token', 'the IdP says that the token is not active')
    const { data } = Active.safeParse(answer)
    if (!data) throw new AuthError('idp_unavailable', 'the IdP does not say whose the token is')
    const { sub, exp = Number.POSITIVE_INFINITY, nbf = 0, iss, aud, client_id, scope } = data
    checkKind(data, expected.scheme ?? 'Bearer')

    const seconds = verifier.now() / 1000
    if (exp + clockToleranceSeconds <= seconds) throw new AuthError('invalid_token', 'exp: expired')
    if (nbf - clockToleranceSeconds > seconds) throw new AuthError('invalid_token', 'nbf: not yet')
    if (iss !== undefined && iss !== metadata.issuer)
      throw new AuthError('invalid_token', 'iss: another issuer’s')
    // Without an audience anybody's token would do here: the answer must name one.
    if (![aud ?? []].flat().includes(expected.audience))
      throw new AuthError('invalid_token', 'aud: for somebody else')
    const userId = verifier.userOf(sub)
    if (!userId)
      throw new AuthError('invalid_token', 'the token names a user whom the directory does not know')
    return { userId, client: client_id ?? '', scopes: scope.split(' ').filter(Boolean), claims: data }
  }

  async function ask(token: string, traceparent: string): Promise<oauth.IntrospectionResponse> {
    try {
      const response = await oauth.introspectionRequest(
        metadata,
        client,
        oauth.ClientSecretBasic(clientSecret),
        token,
        requestOptions(metadata.issuer, { fetch, traceparent }),
      )
      return await oauth.processIntrospectionResponse(metadata, client, response)
    } catch (cause) {
      throw new AuthError('idp_unavailable', 'the IdP does not say whether the token holds', { cause })
    }
  }
}

/** Refuses what is no access token, and one that came in another way than it was issued for (RFC 9449 section 6.2). */
function checkKind({ typ, token_type: type, cnf }: z.infer<typeof Active>, scheme: 'Bearer' | 'DPoP'): void {
  if (typ !== undefined && !accessTokenKinds.includes(typ)) {
    throw new AuthError('invalid_token', 'typ: not an access token', { scheme })
  }
  if (type !== undefined && type.toLowerCase() !== scheme.toLowerCase()) {
    throw new AuthError('invalid_token', `token_type: not a ${scheme} token`, { scheme })
  }
  const isBound = cnf !== undefined
  if (isBound === (scheme === 'DPoP')) return
  const reason = isBound
    ? 'bound to a key, and came as a Bearer token'
    : 'bound to no key, and came with a proof'
  throw new AuthError('invalid_token', `cnf: ${reason}`, { scheme })
}
