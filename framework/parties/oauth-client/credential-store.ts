import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client'

/** The agent's registration at an authorization server (MCP authorization, "Client Registration Approaches"). */
export interface ClientRegistration {
  /** The address that the person's browser returns to. */
  readonly redirectUri: string
  /** Registered by hand, at this one issuer; it is shown to no other. */
  readonly registered?: {
    readonly issuer?: string
    readonly clientId: string
    readonly clientSecret?: string
  }
  /** HTTPS URL of the agent's client id metadata document, for servers that take one as a client id. */
  readonly metadataUrl?: string
}

/**
 * One person's credentials for one MCP server, in memory: the SDK's authorization flow reads and writes them. Client
 * and tokens carry the issuer that they came from, so that a changed authorization server gets neither.
 */
export class CredentialStore implements OAuthClientProvider {
  readonly clientMetadataUrl?: string
  readonly #registration: ClientRegistration
  #client: StoredOAuthClientInformation | undefined
  #tokens: StoredOAuthTokens | undefined
  #discovery: OAuthDiscoveryState | undefined
  #codeVerifier = ''
  #pending: { readonly url: URL; readonly state: string } | undefined

  constructor(registration: ClientRegistration) {
    this.#registration = registration
    const { registered, metadataUrl } = registration
    if (metadataUrl) this.clientMetadataUrl = metadataUrl
    this.#client = registered && {
      client_id: registered.clientId,
      ...(registered.clientSecret && { client_secret: registered.clientSecret }),
      ...(registered.issuer && { issuer: registered.issuer }),
    }
  }

  get redirectUrl(): string {
    return this.#registration.redirectUri
  }

  get clientMetadata(): OAuthClientMetadata {
    return { client_name: 'Agent Auth Lab', redirect_uris: [this.#registration.redirectUri] }
  }

  state(): string {
    return crypto.randomUUID()
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#client
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens
  }

  /**
   * The last authorization request: the page that asks the person, and the `state` that must come back.
   * @throws where there was none
   */
  get pending(): { readonly url: URL; readonly state: string } {
    if (!this.#pending) throw new Error('no authorization was asked for')
    return this.#pending
  }

  redirectToAuthorization(url: URL): void {
    this.#pending = { url, state: url.searchParams.get('state') ?? '' }
  }

  saveCodeVerifier(codeVerifier: string): void {
    this.#codeVerifier = codeVerifier
  }

  codeVerifier(): string {
    return this.#codeVerifier
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.#client = undefined
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined
    if (scope === 'all' || scope === 'verifier') this.#codeVerifier = ''
    if (scope === 'all' || scope === 'discovery') this.#discovery = undefined
  }
}
