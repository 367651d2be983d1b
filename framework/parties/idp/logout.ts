import { decodeJwt } from 'jose'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { type IdpAudit, record } from './audit.ts'
import type { LiveRealm } from './live-realm.ts'
import { alert, html, page, pageHeaders } from './pages.ts'
import { readForm } from './read-form.ts'

/**
 * RP-initiated logout by ID token, sent by GET or POST (OpenID Connect RP-Initiated Logout 1.0 section 2). As in
 * Keycloak, the token names the session, which then ends without a browser's cookie and without a question.
 * Without a token `oidc-provider` asks the user.
 */
export function logout(provider: Provider, realm: LiveRealm, audit: IdpAudit) {
  provider.on('end_session.success', (ctx) => {
    const user = realm.userBySub(ctx.oidc.session?.accountId ?? '')
    record(audit, ctx.get('traceparent'), { ...loggedOut, ...(user && { user: user.username }) })
  })

  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.path !== provider.pathFor('end_session')) return next()
    // Koa's 404: `oidc-provider` would take HEAD for GET, and begin a session for each.
    if (!['GET', 'POST'].includes(ctx.method)) return
    const fields = ctx.method === 'POST' ? await readForm(ctx.req) : new URLSearchParams(ctx.querystring)
    const hint = fields.get('id_token_hint')
    if (!hint && ctx.method !== 'POST') {
      const { accountId } = await provider.Session.get(ctx)
      if (accountId) return next()
      // Nothing to ask and nothing to remember: a session made for the question alone would stay for hours.
      ctx.set(pageHeaders)
      ctx.body = await page('Signed out', html`<p>Nobody is signed in here.</p>`)
      return
    }

    ctx.set(pageHeaders)
    const refuse = async (reason: string) => {
      ctx.status = 400
      ctx.body = await page('Sign out', alert(reason))
      record(audit, ctx.get('traceparent'), { action: 'logout', decision: 'deny', reason, status: 400 })
    }
    const idToken = await verifyHint(provider, hint ?? '')
    if (!idToken) return refuse('Invalid parameter: id_token_hint')
    const redirect = fields.get('post_logout_redirect_uri')
    if (redirect && !idToken.client.postLogoutRedirectUriAllowed(redirect)) {
      return refuse('Invalid redirect uri')
    }

    const user = realm.userBySub(idToken.sub)
    record(audit, ctx.get('traceparent'), {
      ...loggedOut,
      client: idToken.client.clientId,
      ...(user && { user: user.username }),
    })
    await (await provider.Session.findByUid(idToken.sid))?.destroy()
    if (redirect) ctx.redirect(withState(redirect, fields.get('state')))
    else ctx.body = await page('Signed out', html`<p>The session has ended.</p>`)
  }
}

const loggedOut = { action: 'logout', decision: 'allow', reason: 'session ended', status: 200 } as const

/** An expired ID token is good enough: it only names what its holder wants to end. */
async function verifyHint(provider: Provider, idToken: string) {
  try {
    const client = await provider.Client.find(String(decodeJwt(idToken).aud))
    if (!client) return undefined
    const { payload } = await provider.IdToken.validate(idToken, client)
    // An access token is signed by the same key, and can be addressed to a client as well.
    if (payload.typ !== 'ID') return undefined
    return { client, sub: String(payload.sub), sid: String(payload.sid) }
  } catch {
    return undefined
  }
}

function withState(uri: string, state: string | null): string {
  const url = new URL(uri)
  if (state !== null) url.searchParams.set('state', state)
  return url.href
}
