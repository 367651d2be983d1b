import type { ActionDetails } from '@lab/contract'
import type { Configuration } from 'oidc-provider'
import type { LiveRealm } from './live-realm.ts'
import { accessTokenClaims } from './token-claims.ts'

type Customizers = NonNullable<NonNullable<Configuration['formats']>['customizers']>

/** Gives all access tokens, whatever the grant, their claims. */
export function accessTokenFormat(realm: LiveRealm): NonNullable<Customizers['jwt']> {
  return async (ctx, token, parts) => {
    const client = realm.clientOf(token.client)
    const sessionUid = 'sessionUid' in token ? token.sessionUid : undefined
    const session = sessionUid ? await ctx.oidc.provider.Session.findByUid(sessionUid) : undefined
    const { jti, iat, exp, iss, cnf } = parts.payload
    const [action] = approvedIn(token)
    const claims = accessTokenClaims({
      client,
      user: 'accountId' in token ? realm.userBySub(token.accountId) : undefined,
      requestedScopes: token.scope?.split(' ') ?? [],
      // A list is the choice that the exchange made; a string is the resource, which chooses nothing. What was approved
      // is for one service.
      audience: action?.locations ?? (Array.isArray(token.aud) ? token.aud : undefined),
      authTime: session?.loginTs,
      acr: realm.file.passwordAcr,
    })
    token.scope = String(claims.scope)
    parts.header = { typ: client.tokenType }
    parts.payload = {
      jti,
      iat,
      exp,
      iss,
      typ: token.tokenType,
      ...(sessionUid && { sid: sessionUid }),
      ...claims,
      ...(cnf ? { cnf } : {}),
      ...(action && { authorization_details: [action] }),
    }
  }
}

/** The action that the token is good for, where a person approved one. */
function approvedIn(token: object): readonly ActionDetails[] {
  const details: unknown = 'rar' in token ? token.rar : undefined
  return Array.isArray(details) ? details : []
}
