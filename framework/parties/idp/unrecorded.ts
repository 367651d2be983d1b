import type { KoaContextWithOIDC } from 'oidc-provider'
import { CustomOIDCProviderError } from 'oidc-provider/lib/helpers/errors.js'
import { alert, page, pageHeaders } from './pages.ts'

/** A record could not be written, so what it is about is not done: no token leaves, no sign-in goes on. */
export class Unrecorded extends CustomOIDCProviderError {
  constructor(cause: unknown) {
    super('temporarily_unavailable', 'this cannot be recorded, so nothing was done')
    this.cause = cause
    this.status = 503
    this.statusCode = 503
  }
}

/** Answers with a 503 where a record could not be written on any other way than the provider's own. */
export async function answerUnrecorded(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  try {
    await next()
  } catch (error) {
    if (!(error instanceof Unrecorded)) throw error
    ctx.status = 503
    if (ctx.accepts('json', 'html') === 'html') {
      ctx.set(pageHeaders)
      ctx.body = await page('Not now', alert(`${error.error}: ${error.error_description}`))
    } else {
      ctx.body = { error: error.error, error_description: error.error_description }
    }
  }
}
