import { randomBytes } from 'node:crypto'
import type { Configuration, JWK } from 'oidc-provider'
import { questionParameters } from '../oauth-client/question.ts'
import { accessTokenFormat } from './access-token-format.ts'
import { type Approvals, keptAfter, waitsAtMost } from './approvals/approvals.ts'
import { clientMetadata } from './client-metadata.ts'
import { consentPath } from './consent.ts'
import { existingGrant } from './existing-grant.ts'
import { interactionPolicy } from './interaction-policy.ts'
import type { LiveRealm } from './live-realm.ts'
import { loginPath } from './login-page.ts'
import type { MemoryStore } from './memory-store.ts'
import { alert, page, pageHeaders } from './pages.ts'
import type { PendingSignIns } from './pending-sign-ins.ts'
import { providerFeatures } from './provider-features.ts'
import type { FetchDocument } from './public-fetch.ts'

/** The parts that `oidc-provider` is run with. */
export interface ProviderParts {
  readonly realm: LiveRealm
  readonly store: MemoryStore
  readonly pending: PendingSignIns
  readonly approvals: Approvals
  readonly issuer: string
  /** The signing key. */
  readonly key: JWK
  /** The fetch for a client's metadata document. */
  readonly fetchDocument: FetchDocument
}

/** Everything that `oidc-provider` needs to know, taken from the realm. */
export function providerConfig(parts: ProviderParts): Configuration {
  const { realm, store, pending, approvals, issuer, key, fetchDocument } = parts
  const { sessionIdle, sessionMax, rotateRefreshTokens } = realm.file
  const lifespan = (_ctx: unknown, _token: unknown, client: { clientId: string }) =>
    realm.clientOf(client).tokenLifespan

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
    clientBasedCORS: (_ctx, origin, client) => realm.clientOf(client).webOrigins.includes(origin),
    scopes: ['openid'],
    extraParams: Object.values(questionParameters),
    claims: { openid: ['sub', 'auth_time', 'sid', 'azp', 'typ'] },
    pkce: { required: (_ctx, client) => realm.clientOf(client).pkce },
    ttl: {
      AccessToken: lifespan,
      ClientCredentials: lifespan,
      IdToken: lifespan,
      AuthorizationCode: 60,
      BackchannelAuthenticationRequest: waitsAtMost + keptAfter,
      Interaction: sessionIdle,
      RefreshToken: sessionIdle,
      Grant: sessionMax,
      Session: sessionMax,
    },
    issueRefreshToken: async (_ctx, client, source) =>
      // An approval is good once, and for nothing that lasts.
      source.kind !== 'BackchannelAuthenticationRequest' && realm.clientOf(client).refreshTokens,
    rotateRefreshToken: rotateRefreshTokens,
    expiresWithSession: async () => true,

    // Asked on each use of a code, a refresh token or a session: a user who is disabled has no account from then on.
    findAccount: async (ctx, sub, source) => {
      const user = realm.userBySub(sub)
      if (!user?.enabled) return undefined
      const sid = (source as { sessionUid?: string } | undefined)?.sessionUid
      return {
        accountId: sub,
        claims: async () => ({ sub, sid, azp: ctx.oidc.client?.clientId, typ: 'ID' }),
      }
    },
    interactions: {
      policy: interactionPolicy(),
      url: async (_ctx, { uid, prompt }) => (prompt.name === 'consent' ? consentPath : loginPath) + uid,
    },
    loadExistingGrant: existingGrant(realm),
    formats: { customizers: { jwt: accessTokenFormat(realm) } },
    renderError: async (ctx, out) => {
      ctx.set(pageHeaders)
      ctx.body = await page(
        'This request cannot be served',
        alert(`${out.error}: ${out.error_description ?? ''}`),
      )
    },
    fetch: (url, options) => fetchDocument(String(url), options),
    features: providerFeatures(realm, approvals, issuer),
  }
}
