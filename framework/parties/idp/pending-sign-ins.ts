import { AsyncLocalStorage } from 'node:async_hooks'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Adapter, AdapterPayload, KoaContextWithOIDC } from 'oidc-provider'
import { loginPath } from './login-page.ts'

interface Pending {
  readonly payload: AdapterPayload
  /** In ms since the epoch. */
  readonly expiresAt: number
}

const cookieName = '_pending_sign_in'
/** Browsers keep about 4096 characters of a cookie with its attributes (RFC 6265 section 6.1). */
const longestCookie = 3_500

/**
 * Sign-ins that somebody has begun and nobody has finished. Anybody can begin as many as they like without a credential,
 * so none is kept here: each is sealed into a cookie of the browser that began it, and no other ends for it. From the
 * right password on it is kept in the store.
 */
export class PendingSignIns {
  readonly #key = randomBytes(32)
  readonly #ofThisRequest = new AsyncLocalStorage<Map<string, Pending>>()

  /** The store's view of interactions, without those that the browser keeps. */
  adapter(stored: Adapter): Adapter {
    const pending = () => this.#ofThisRequest.getStore()
    return {
      ...stored,
      upsert: async (id, payload, expiresIn) => {
        const expiresAt = Date.now() + (expiresIn ?? 0) * 1000
        const kept = isUnanswered(payload) && this.#seal(id, { payload, expiresAt }).length <= longestCookie
        if (kept && pending()?.set(id, { payload, expiresAt })) return
        return stored.upsert(id, payload, expiresIn)
      },
      find: async (id) => (await stored.find(id)) ?? pending()?.get(id)?.payload,
      destroy: async (id) => {
        pending()?.delete(id)
        await stored.destroy(id)
      },
    }
  }

  /** Reads the cookie of a request to the login page, and sets that of a sign-in that begins. */
  readonly middleware = async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const uid = ctx.path.startsWith(loginPath) ? ctx.path.slice(loginPath.length) : ''
    const brought = this.#open(uid, ctx.cookies.get(cookieName, { signed: false }))
    const pending = new Map(brought ? [[uid, brought]] : [])
    await this.#ofThisRequest.run(pending, next)
    for (const [id, begun] of pending) {
      if (begun === brought) continue
      const maxAge = begun.expiresAt - Date.now()
      const path = loginPath + id
      const sealed = this.#seal(id, begun)
      ctx.cookies.set(cookieName, sealed, { path, maxAge, httpOnly: true, sameSite: 'lax', signed: false })
    }
  }

  /** Gives up what each later promise of this process would carry along: an IdP that has ended needs none of it. */
  close(): void {
    this.#ofThisRequest.disable()
  }

  #seal(uid: string, pending: Pending): string {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(uid))
    const text = Buffer.concat([cipher.update(JSON.stringify(pending)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
  }

  /** Undefined for what was not sealed here, for another sign-in, or too long ago. */
  #open(uid: string, sealed: string | undefined): Pending | undefined {
    try {
      const bytes = Buffer.from(sealed ?? '', 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12), {
        authTagLength: 16,
      })
      decipher.setAAD(Buffer.from(uid)).setAuthTag(bytes.subarray(12, 28))
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
      const pending = JSON.parse(text.toString()) as Pending
      return pending.expiresAt > Date.now() ? pending : undefined
    } catch {
      // None, not ours, or of an IdP that has restarted meanwhile: the page says that the sign-in has ended.
      return undefined
    }
  }
}

/** Nobody has signed in for it yet, so it is worth nothing to anybody but who began it. */
function isUnanswered({ prompt, result, accountId, session, lastSubmission }: AdapterPayload): boolean {
  return prompt?.name === 'login' && !result && !accountId && !session && !lastSubmission
}
