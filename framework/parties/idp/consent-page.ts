import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { questionIn } from '../oauth-client/question.ts'
import { type IdpAudit, record } from './audit.ts'
import { consentPath } from './consent.ts'
import { consentQuestion } from './consent-question.ts'
import type { LiveRealm } from './live-realm.ts'
import { alert, page, pageHeaders } from './pages.ts'
import { readForm } from './read-form.ts'

/** The scopes that the interaction still has to grant. */
interface Missing {
  readonly missingOIDCScope?: readonly string[]
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>
}

/** Asks the signed-in person whether a client may have what it asks for. A no is an answer, and final for it. */
export function consentPage(provider: Provider, realm: LiveRealm, audit: IdpAudit) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (!ctx.path.startsWith(consentPath)) return next()
    ctx.set(pageHeaders)
    const details = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined)
    if (details?.prompt.name !== 'consent' || !details.session) {
      ctx.status = 400
      ctx.body = await page('Allow?', alert('This question has ended. Start again in the application.'))
      return
    }
    const { params, session, grantId } = details
    const missing = details.prompt.details as Missing
    const client = String(params.client_id)
    const scopes = scopesOf(missing)
    const username = realm.userBySub(session.accountId)?.username ?? ''
    if (ctx.method !== 'POST') {
      ctx.body = await consentQuestion({
        client,
        scopes,
        username,
        redirectUri: String(params.redirect_uri),
        ...questionIn(params),
      })
      return
    }

    const yes = (await readForm(ctx.req)).get('answer') === 'allow'
    record(audit, ctx.get('traceparent'), {
      action: 'consent',
      client,
      user: username,
      scopes,
      decision: yes ? 'allow' : 'deny',
      reason: yes ? 'the user said yes' : 'the user said no',
      status: 303,
    })
    const result = yes
      ? {
          consent: {
            grantId: await grant(provider, missing, {
              clientId: client,
              accountId: session.accountId,
              grantId,
            }),
          },
        }
      : { error: 'access_denied', error_description: 'the user said no' }
    ctx.redirect(
      await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: true }),
    )
    ctx.status = 303
  }
}

async function grant(
  provider: Provider,
  { missingOIDCScope = [], missingResourceScopes = {} }: Missing,
  { grantId, ...parties }: { clientId: string; accountId: string; grantId: string | undefined },
): Promise<string> {
  const known = grantId ? await provider.Grant.find(grantId) : undefined
  const granted = known ?? new provider.Grant(parties)
  granted.addOIDCScope(missingOIDCScope.join(' '))
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
    granted.addResourceScope(resource, scopes.join(' '))
  }
  return granted.save()
}

function scopesOf({ missingOIDCScope = [], missingResourceScopes = {} }: Missing): string[] {
  return [...new Set([...missingOIDCScope, ...Object.values(missingResourceScopes).flat()])]
}
