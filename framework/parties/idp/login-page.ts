import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { type IdpAudit, record } from './audit.ts'
import type { CheckPassword } from './check-password.ts'
import type { LiveRealm } from './live-realm.ts'
import { alert, html, type Markup, page, pageHeaders } from './pages.ts'
import { readForm } from './read-form.ts'

export const loginPath = '/login/'

/** Shows the login form, and checks what it sends: a page for people, plain enough for a program. */
export function loginPage(provider: Provider, realm: LiveRealm, check: CheckPassword, audit: IdpAudit) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (!ctx.path.startsWith(loginPath)) return next()
    ctx.set(pageHeaders)
    const { params } = await provider
      .interactionDetails(ctx.req, ctx.res)
      .catch(() => ({ params: undefined }))
    if (!params) {
      ctx.status = 400
      ctx.body = await page('Sign in', alert('This sign-in has ended. Start again in the application.'))
      return
    }
    const client = String(params.client_id)
    if (ctx.method !== 'POST') {
      ctx.body = await form(client)
      return
    }
    const fields = await readForm(ctx.req)
    const username = fields.get('username') ?? ''
    const result = check(username, fields.get('password') ?? '')
    record(audit, ctx.get('traceparent'), {
      action: 'login',
      client,
      ...(realm.user(username) && { user: username }),
      decision: result.sub ? 'allow' : 'deny',
      reason: result.reason,
      status: result.sub ? 303 : 200,
    })
    if (!result.sub) {
      ctx.body = await form(client, 'Invalid username or password.')
      return
    }
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: result.sub } }))
    ctx.status = 303
  }
}

function form(client: string, problem?: string): Promise<string> {
  return page(`Sign in to ${client}`, loginForm(problem))
}

/** The form for user name and password, on whichever page. */
export function loginForm(problem = ''): Markup {
  return html`${problem && alert(problem)}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" type="text" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main">Sign in</button>
</form>
<p class="soft">This is a demo: each user's password is the user's name.</p>`
}
