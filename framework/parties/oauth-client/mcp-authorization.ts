import { AuthError, boundedFetch } from '@lab/contract'
import {
  type AuthOptions,
  type AuthProvider,
  auth,
  computeScopeUnion,
  extractWWWAuthenticateParams,
  type InsufficientScopeError,
  isStrictScopeSuperset,
  type StoredOAuthTokens,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client'
import { decodeJwt } from 'jose'
import { type ClientRegistration, CredentialStore } from './credential-store.ts'
import { idpTimeout } from './discovery.ts'

/**
 * Takes the person to the authorization server, and gives the address that the browser was sent back to. The action is
 * the one that the authorization is asked for, in words, where it is for one.
 * @throws {AuthError} `interaction_required` where the person gave no answer in time
 */
export type AskPerson = (authorizationUrl: URL, action?: string) => Promise<URL>

/** A sign-in that was done before and that others use, too: it is renewed where it is kept, and never from here. */
export interface SharedSession {
  tokens(): Promise<StoredOAuthTokens>
  /** The tokens that take the place of a refused access token; undefined where the session has ended. */
  renewed(refused: string): Promise<StoredOAuthTokens | undefined>
}

/**
 * The agent as OAuth client of an MCP server (MCP 2026-07-28, authorization): it finds the authorization server by the
 * server's challenge, asks the person, and renews what is no longer accepted. Discovery, PKCE (S256), `resource` and
 * the check of `iss` are the SDK's `auth`; `state`, the person and the limits are here.
 */
export class McpAuthorization implements AuthProvider {
  readonly #mcpUrl: string
  readonly #store: CredentialStore
  readonly #ask: AskPerson
  readonly #fetch: typeof fetch
  /** Until the person was asked: what is got by that is this one's own. */
  #session: SharedSession | undefined
  #running: Promise<void> | undefined

  constructor(options: {
    readonly mcpUrl: string
    readonly client: ClientRegistration
    readonly ask: AskPerson
    readonly fetch: typeof fetch
    readonly session?: SharedSession
  }) {
    this.#mcpUrl = options.mcpUrl
    this.#store = new CredentialStore(options.client)
    this.#ask = options.ask
    this.#fetch = boundedFetch(options.fetch, { timeout: idpTimeout })
    this.#session = options.session
  }

  async token(): Promise<string | undefined> {
    this.#keep(this.#session, await this.#session?.tokens())
    return this.#store.tokens()?.access_token
  }

  /** The token in place of a refused one, where there is one without asking anybody. */
  async renewed(refused: string): Promise<string | undefined> {
    const held = this.#store.tokens()?.access_token
    if (held !== refused) return held
    const renewed = await this.#session?.renewed(refused)
    this.#keep(this.#session, renewed)
    return renewed?.access_token
  }

  /** The person may be asked meanwhile, or have answered: what comes of that is the newer. */
  #keep(session: SharedSession | undefined, tokens: StoredOAuthTokens | undefined): void {
    if (tokens && session === this.#session && !this.#running) this.#store.saveTokens(tokens)
  }

  /**
   * After a 401: the token is renewed, or asked for. The transport then tries once more, and no more than that.
   * @throws {AuthError} `access_denied` for a person's no, `invalid_token` for an answer that cannot be trusted
   */
  async onUnauthorized({ response }: { readonly response: Response }): Promise<void> {
    // The server may have moved to another authorization server meanwhile: its metadata is asked again.
    this.#store.invalidateCredentials('discovery')
    const { resourceMetadataUrl, scope: named } = extractWWWAuthenticateParams(response)
    // What was granted is asked for again, and no more: the server names all that it knows.
    const scope = this.#store.tokens()?.scope || named
    await this.#once({ ...(resourceMetadataUrl && { resourceMetadataUrl }), ...(scope && { scope }) })
  }

  /**
   * After a 403 `insufficient_scope`: asks for what is missing, beside what was granted before, so that a step up
   * takes nothing away. The caller tries once more, and no more than that.
   * @throws {AuthError} as {@link onUnauthorized}
   */
  async stepUp(
    { requiredScope, resourceMetadataUrl }: InsufficientScopeError,
    action?: string,
  ): Promise<void> {
    const granted = this.#store.tokens()?.scope
    const scope = computeScopeUnion(granted, requiredScope)
    await this.#once(
      {
        ...(resourceMetadataUrl && { resourceMetadataUrl }),
        ...(scope && { scope }),
        // A refresh cannot widen what was granted (RFC 6749 section 6).
        forceReauthorization: isStrictScopeSuperset(scope, granted),
      },
      action,
    )
  }

  /** Calls that are refused at the same time share one question to the person. */
  #once(options: Partial<AuthOptions>, action?: string): Promise<void> {
    const fetchFn: typeof fetch = (url, init) => this.#fetch(url, init)
    this.#running ??= this.#authorize({ serverUrl: this.#mcpUrl, fetchFn, ...options }, action)
      .then(() => {
        this.#session = undefined
      })
      .finally(() => {
        this.#running = undefined
      })
    return this.#running
  }

  async #authorize(options: AuthOptions, action: string | undefined): Promise<void> {
    const before = userOf(this.#store.tokens())
    if ((await auth(this.#store, options)) === 'AUTHORIZED') return
    const { pending } = this.#store
    this.#requirePkce()
    const callback = (await this.#ask(pending.url, action)).searchParams
    const { code, iss } = this.#answerIn(callback, pending.state)
    const kept = this.#store.tokens()
    await auth(this.#store, { ...options, authorizationCode: code, ...(iss && { iss }) })
    const after = userOf(this.#store.tokens())
    if (before && after !== before) {
      if (kept) this.#store.saveTokens(kept)
      throw new AuthError('access_denied', 'another user than the one of this session has answered')
    }
  }

  /** A server that does not say that it checks PKCE may not (MCP authorization, "Authorization Code Protection"). */
  #requirePkce(): void {
    const metadata = this.#store.discoveryState()?.authorizationServerMetadata
    if (metadata?.code_challenge_methods_supported?.includes('S256')) return
    throw new AuthError(
      'grant_refused',
      'the authorization server does not say that it supports PKCE with S256',
    )
  }

  /** The answer of the authorization server, where it is one to this question (RFC 9207 section 2.4). */
  #answerIn(callback: URLSearchParams, state: string): { code: string; iss: string | undefined } {
    if (callback.get('state') !== state) {
      throw new AuthError('invalid_token', 'the answer of the authorization server has another state')
    }
    const metadata = this.#store.discoveryState()?.authorizationServerMetadata
    const iss = callback.get('iss') ?? undefined
    validateAuthorizationResponseIssuer({
      iss,
      expectedIssuer: metadata?.issuer,
      issParameterSupported: metadata?.authorization_response_iss_parameter_supported === true,
    })
    const error = callback.get('error')
    if (error) {
      throw new AuthError(
        'access_denied',
        `the authorization was not given: ${error === 'access_denied' ? 'the person said no' : `refused with ${error}`}`,
      )
    }
    const code = callback.get('code')
    if (!code)
      throw new AuthError('invalid_token', 'the authorization server sent neither a code nor an error')
    return { code, iss }
  }
}

/** Whom the ID token of a token response names (OpenID Connect Core section 3.1.3.7: it came straight from the issuer). */
function userOf(tokens: StoredOAuthTokens | undefined): string | undefined {
  return tokens?.id_token === undefined ? undefined : decodeJwt(tokens.id_token).sub
}
