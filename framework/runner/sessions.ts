import { scopes } from '@lab/contract'
import type { IdentityProvider } from '../parties/idp/index.ts'
import { type SignedIn, signIn } from '../parties/sign-in/index.ts'
import { scopesAskedFor, userOf } from '../scenario/realm/lookup.ts'
import type { Realm, RealmClient } from '../scenario/realm/realm.ts'

/** A session is renewed when its token has less than this left, in ms. */
const renewalMargin = 30_000

/** The users' sign-ins to the agent's app: one for each user, made when it is first needed. */
export class Sessions {
  readonly #realm: Realm
  readonly #agent: RealmClient
  readonly #idp: IdentityProvider
  readonly #fetch: typeof fetch
  readonly #sessions = new Map<string, Promise<{ tokens: SignedIn; expiresAt: number }>>()

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

  /** The tokens of the user's session. @throws as {@link accessTokenOf} */
  async tokensOf(username: string, traceparent: string): Promise<SignedIn> {
    // Shared while it is under way: Keycloak's brute-force protection takes one sign-in of a user at a time.
    const session = this.#sessions.get(username)
    if (!session) return this.signIn(username, traceparent)
    const { tokens, expiresAt } = await session
    if (expiresAt - renewalMargin > Date.now()) return tokens
    const renewed = this.#sessions.get(username) !== session
    return renewed ? this.tokensOf(username, traceparent) : this.signIn(username, traceparent)
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

  async #signIn(username: string, traceparent: string) {
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
    return { tokens, expiresAt: Date.now() + tokens.expiresIn * 1000 }
  }
}
