import { AuthError, scopes } from '@lab/contract'
import type { SessionTokens } from '../parties/agent/session-tokens.ts'
import type { IdentityProvider } from '../parties/idp/index.ts'
import { refresh, type SignedIn, signIn } from '../parties/sign-in/index.ts'
import { scopesAskedFor, userOf } from '../scenario/realm/lookup.ts'
import type { Realm, RealmClient } from '../scenario/realm/realm.ts'

/** A session is renewed when its token has less than this left, in ms; one of a short life, when half of it is over. */
const renewalMargin = 30_000

interface Session {
  readonly tokens: SignedIn
  /** In ms since the epoch. */
  readonly renewAt: number
  readonly endsAt: number
}

/** The users' sign-ins to the agent's app: one for each user, made when it is first needed, and renewed in time. */
export class Sessions {
  readonly #realm: Realm
  readonly #agent: RealmClient
  readonly #idp: IdentityProvider
  readonly #fetch: typeof fetch
  readonly #sessions = new Map<string, Promise<Session>>()

  /** @param agent the client that is signed in to: for every tool scope, but for those that its user is asked for */
  constructor(realm: Realm, agent: RealmClient, idp: IdentityProvider, fetch: typeof globalThis.fetch) {
    this.#realm = realm
    this.#agent = agent
    this.#idp = idp
    this.#fetch = fetch
  }

  get clientId(): string {
    return this.#agent.clientId
  }

  /**
   * The access token of the user's session, addressed to the MCP server.
   * @throws {AuthError} `idp_unavailable` where the user cannot be signed in
   */
  async accessTokenOf(username: string, traceparent: string): Promise<string> {
    return (await this.tokensOf(username, traceparent)).accessToken
  }

  /** The tokens of the user's session; of a new one, where that has ended. @throws as {@link accessTokenOf} */
  async tokensOf(username: string, traceparent: string): Promise<SignedIn> {
    try {
      const tokens = await this.#live(username, traceparent)
      if (tokens) return tokens
    } catch (error) {
      if (!hasEnded(error)) throw error
    }
    // Shared while it is under way: Keycloak's brute-force protection takes one sign-in of a user at a time.
    return this.#sessions.has(username)
      ? this.tokensOf(username, traceparent)
      : this.signIn(username, traceparent)
  }

  /**
   * The user's session for as long as one run takes, renewed without the user. A session that has ended is not begun
   * anew in the middle of a run: whoever ended it meant it.
   * @throws {AuthError} as {@link accessTokenOf}
   */
  async during(username: string, traceparent: string): Promise<SessionTokens> {
    const first = await this.tokensOf(username, traceparent)
    return {
      tokens: async () => {
        // What the IdP no longer renews may count all the same: the MCP server says.
        const live = await this.#live(username, traceparent).catch(() => undefined)
        return live ?? first
      },
      renewed: async (refused) => {
        const kept = this.#sessions.get(username)
        if (!kept) return undefined
        try {
          const { tokens } = await kept
          // Calls that were refused at the same time share the renewal that the first of them asked for.
          if (tokens.accessToken !== refused) return tokens
          return (await this.#renewal(username, kept, traceparent)).tokens
        } catch (error) {
          if (hasEnded(error)) return undefined
          throw error
        }
      },
    }
  }

  /** Signs the user in afresh, and forgets the session before. */
  async signIn(username: string, traceparent: string): Promise<SignedIn> {
    const signingIn = this.#signIn(username, traceparent)
    this.#sessions.set(username, signingIn)
    try {
      return (await signingIn).tokens
    } catch (error) {
      this.#sessions.delete(username)
      throw error
    }
  }

  /** Drops every session here; at the IdP they go on. */
  forget(): void {
    this.#sessions.clear()
  }

  /** The tokens of the session that goes on, renewed where they end soon; undefined where there is no session. */
  async #live(username: string, traceparent: string): Promise<SignedIn | undefined> {
    const kept = this.#sessions.get(username)
    if (!kept) return undefined
    const { tokens, renewAt, endsAt } = await kept
    if (Date.now() < renewAt) return tokens
    try {
      return (await this.#renewal(username, kept, traceparent)).tokens
    } catch (error) {
      // The IdP is down, and the token holds for a while yet.
      if (!hasEnded(error) && Date.now() < endsAt) return tokens
      throw error
    }
  }

  /** Renews a session once for all who ask at the same time: its refresh token counts once. */
  #renewal(username: string, kept: Promise<Session>, traceparent: string): Promise<Session> {
    const current = this.#sessions.get(username)
    if (current && current !== kept) return current
    const renewing = kept.then(({ tokens }) => this.#refresh(tokens, traceparent))
    this.#sessions.set(username, renewing)
    renewing.catch((error: unknown) => {
      if (this.#sessions.get(username) !== renewing) return
      if (hasEnded(error)) this.#sessions.delete(username)
      else this.#sessions.set(username, kept)
    })
    return renewing
  }

  async #refresh(tokens: SignedIn, traceparent: string): Promise<Session> {
    const began = Date.now()
    const { issuer } = this.#idp
    const { clientId } = this.#agent
    return session(await refresh({ issuer, clientId, tokens, fetch: this.#fetch, traceparent }), began)
  }

  async #signIn(username: string, traceparent: string): Promise<Session> {
    const began = Date.now()
    const { password } = userOf(this.#realm, username)
    const { clientId, redirectUris } = this.#agent
    const asked = scopesAskedFor(this.#agent)
    const tokens = await signIn({
      issuer: this.#idp.issuer,
      clientId,
      redirectUri: redirectUris[0] as string,
      username,
      password,
      scopes: ['openid', ...scopes.filter((scope) => !asked.includes(scope))],
      fetch: this.#fetch,
      traceparent,
    })
    return session(tokens, began)
  }
}

/** An IdP that does not say how long a token lives (RFC 6749 section 5.1) says it by a refusal. */
function session(tokens: SignedIn, began: number): Session {
  const lifetime = tokens.expiresIn > 0 ? tokens.expiresIn * 1000 : Number.POSITIVE_INFINITY
  const endsAt = began + lifetime
  return { tokens, endsAt, renewAt: endsAt - Math.min(renewalMargin, lifetime / 2) }
}

function hasEnded(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'invalid_token'
}
