import { sameSecret } from '@lab/contract'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { type IdpAudit, record } from './audit.ts'
import type { LiveRealm } from './live-realm.ts'
import { alert, html, page, pageHeaders } from './pages.ts'
import { readForm } from './read-form.ts'
import { WrongPasswords } from './wrong-passwords.ts'

export const loginPath = '/login/'

/** Shows the login form, and checks what it sends: a page for people, plain enough for a program. */
export function loginPage(provider: Provider, realm: LiveRealm, audit: IdpAudit) {
  const wrong = new WrongPasswords(realm.file.failureFactor)
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
    const result = checkPassword(realm, wrong, username, fields.get('password') ?? '')
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

/** The reason is for the record; the page says the same to all who are refused. */
function checkPassword(
  realm: LiveRealm,
  wrong: WrongPasswords,
  username: string,
  password: string,
): { sub?: string; reason: string } {
  const user = realm.user(username)
  // Compared for an unknown user as well: neither the page nor the time tells which of the two was wrong.
  const matches = sameSecret(user?.password ?? '', password)
  if (!user) return { reason: 'unknown user' }
  // Not counted meanwhile, and refused though it be right: who guesses must not learn it.
  if (wrong.isLocked(username, Date.now()))
    return { reason: 'too many wrong passwords: the user has to wait' }
  if (!matches) {
    wrong.add(username, Date.now())
    return { reason: 'wrong password' }
  }
  wrong.clear(username)
  if (!user.enabled) return { reason: 'the user is disabled' }
  return { sub: user.sub, reason: 'signed in with a password' }
}

function form(client: string, problem?: string): Promise<string> {
  return page(
    `Sign in to ${client}`,
    html`${problem && alert(problem)}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" type="text" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="main">Sign in</button>
</form>
<p class="soft">This is a demo: each user's password is the user's name.</p>`,
  )
}
