import { raw } from 'hono/html'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { InvalidScope, InvalidTarget } from 'oidc-provider/lib/helpers/errors.js'
import { approvalFeatures } from './approvals/approval-features.ts'
import type { Approvals } from './approvals/approvals.ts'
import { resourceServer } from './client-metadata.ts'
import type { LiveRealm } from './live-realm.ts'
import { html, type Markup, page, pageHeaders } from './pages.ts'
import { foreignScopes } from './token-claims.ts'
import { checkUnregistered } from './unregistered-client.ts'

/** The parts of OAuth and OpenID Connect that are on, and what each is told. */
export function providerFeatures(
  realm: LiveRealm,
  approvals: Approvals,
  issuer: string,
): NonNullable<Configuration['features']> {
  return {
    ...approvalFeatures(realm, approvals),
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
        const foreign = foreignScopes(realm.clientOf(client), requested).join(' ')
        if (foreign) throw new InvalidScope(`Invalid scopes: ${requested.join(' ')}`, foreign)
        return resourceServer(realm.clientOf(client))
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: async (ctx, formHtml) => {
        const button = html`<button class="main" form="op.logoutForm" name="logout" value="yes">Sign out</button>`
        await showPage(ctx, 'Sign out?', html`${raw(formHtml)}${button}`)
      },
      postLogoutSuccessSource: (ctx) => showPage(ctx, 'Signed out', html`<p>The session has ended.</p>`),
    },
  }
}

async function showPage(ctx: KoaContextWithOIDC, title: string, body: Markup): Promise<void> {
  ctx.set(pageHeaders)
  ctx.body = await page(title, body)
}
