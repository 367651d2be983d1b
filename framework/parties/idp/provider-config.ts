import { randomBytes } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider'
import { InvalidScope, InvalidTarget } from 'oidc-provider/lib/helpers/errors.js'
import { base, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import type { RealmClient } from '../../scenario/realm/index.ts'
import { clientMetadata, resourceServer } from './client-metadata.ts'
import { consentPath, needsConsent } from './consent.ts'
import type { LiveRealm } from './live-realm.ts'
import { loginPath } from './login-page.ts'
import type { MemoryStore } from './memory-store.ts'
import { alert, type Markup, page, pageHeaders } from './pages.ts'
import type { PendingSignIns } from './pending-sign-ins.ts'
import type { FetchDocument } from './public-fetch.ts'
import { accessTokenClaims, foreignScopes } from './token-claims.ts'
import { checkUnregistered } from './unregistered-client.ts'

/** Everything that `oidc-provider` needs to know, taken from the realm. */
export function providerConfig(
  realm: LiveRealm,
  store: MemoryStore,
  pending: PendingSignIns,
  issuer: string,
  key: JWK,
  fetchDocument: FetchDocument,
): Configuration {
  const { sessionIdle, sessionMax, rotateRefreshTokens } = realm.file
  const clientOf = (client: { clientId: string } | undefined): RealmClient => {
    const known = realm.client(client?.clientId ?? '')
    if (!known) throw new TypeError('a request of a client that is not in the realm')
    return known
  }
  const lifespan = (_ctx: unknown, _token: unknown, client: { clientId: string }) =>
    clientOf(client).tokenLifespan

  return {
    jwks: { keys: [key] },
    adapter: (model) => {
      const stored = store.adapter(model)
      if (model === 'Interaction') return pending.adapter(stored)
      if (model !== 'Client') return stored
      return { ...stored, find: async (id) => clientMetadata(realm.registeredClient(id)) }
    },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientBasedCORS: (_ctx, origin, client) => clientOf(client).webOrigins.includes(origin),
    scopes: ['openid'],
    claims: { openid: ['sub', 'auth_time', 'sid', 'azp', 'typ'] },
    pkce: { required: (_ctx, client) => clientOf(client).pkce },
    ttl: {
      AccessToken: lifespan,
      ClientCredentials: lifespan,
      IdToken: lifespan,
      AuthorizationCode: 60,
      Interaction: sessionIdle,
      RefreshToken: sessionIdle,
      Grant: sessionMax,
      Session: sessionMax,
    },
    issueRefreshToken: async (_ctx, client) => clientOf(client).refreshTokens,
    rotateRefreshToken: rotateRefreshTokens,
    expiresWithSession: async () => true,

    // Asked on each use of a code, a refresh token or a session: a user who is disabled has no account from then on.
    findAccount: async (ctx, sub, source) => {
      const user = realm.userBySub(sub)
      if (!user?.enabled) return undefined
      const sid = source && 'sessionUid' in source ? source.sessionUid : undefined
      return {
        accountId: sub,
        claims: async () => ({ sub, sid, azp: ctx.oidc.client?.clientId, typ: 'ID' }),
      }
    },
    interactions: {
      policy: interactionPolicy(),
      url: async (_ctx, { uid, prompt }) => (prompt.name === 'consent' ? consentPath : loginPath) + uid,
    },
    loadExistingGrant: async (ctx) => {
      const { client, session, provider, requestParamScopes, resourceServers } = ctx.oidc
      if (!client || !session?.accountId) return undefined
      const { clientId } = client
      const asking = clientOf(client)
      const known = await provider.Grant.find(session.grantIdFor(clientId) ?? '')
      const grant = known ?? new provider.Grant({ clientId, accountId: session.accountId })
      // The rest is granted on the consent page, or not at all.
      const scopes = [...requestParamScopes].filter((scope) => !needsConsent(asking, scope)).join(' ')
      grant.addOIDCScope(scopes)
      for (const resource of Object.keys(resourceServers ?? {})) grant.addResourceScope(resource, scopes)
      await grant.save()
      return grant
    },
    formats: {
      customizers: {
        // All access tokens, whatever the grant, get their claims here.
        jwt: async (ctx, token, parts) => {
          const client = clientOf(token.client)
          const sessionUid = 'sessionUid' in token ? token.sessionUid : undefined
          const session = sessionUid ? await ctx.oidc.provider.Session.findByUid(sessionUid) : undefined
          const { jti, iat, exp, iss, cnf } = parts.payload
          const claims = accessTokenClaims({
            client,
            user: 'accountId' in token ? realm.userBySub(token.accountId) : undefined,
            requestedScopes: token.scope?.split(' ') ?? [],
            // A list is the choice that the exchange made; a string is the resource, which chooses nothing.
            audience: Array.isArray(token.aud) ? token.aud : undefined,
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
          }
        },
      },
    },
    renderError: async (ctx, out) => {
      ctx.set(pageHeaders)
      ctx.body = await page(
        'This request cannot be served',
        alert(`${out.error}: ${out.error_description ?? ''}`),
      )
    },
    fetch: (url, options) => fetchDocument(String(url), options),
    features: {
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        allowClient: async (_ctx, client) => {
          checkUnregistered(client)
          return true
        },
      },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // Audiences come from the client's scopes, as in Keycloak: `resource` changes nothing, or is refused.
        defaultResource: async (_ctx, _client, oneOf) => oneOf?.[0] ?? issuer,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (ctx, resource, client) => {
          // The default, where none is named, is the issuer itself.
          if (resource !== issuer && !realm.knowsResource(resource)) throw new InvalidTarget()
          const requested = [...ctx.oidc.requestParamScopes]
          const foreign = foreignScopes(clientOf(client), requested).join(' ')
          if (foreign) throw new InvalidScope(`Invalid scopes: ${requested.join(' ')}`, foreign)
          return resourceServer(clientOf(client))
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, formHtml) => {
          const button = html`<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`
          await showPage(ctx, 'Sign out?', html`${raw(formHtml)}${button}`)
        },
        postLogoutSuccessSource: (ctx) => showPage(ctx, 'Signed out', html`<p>The session has ended.</p>`),
      },
    },
  }
}

function interactionPolicy() {
  const policy = base()
  // It would ask each time, whatever was granted before.
  policy.get('consent')?.checks.remove('native_client_prompt')
  const usable = new Check('account_unusable', 'the signed-in account cannot be used', (ctx) =>
    Boolean(ctx.oidc.session?.accountId && !ctx.oidc.account),
  )
  policy.get('login')?.checks.add(usable)
  return policy
}

async function showPage(ctx: KoaContextWithOIDC, title: string, body: Markup): Promise<void> {
  ctx.set(pageHeaders)
  ctx.body = await page(title, body)
}
