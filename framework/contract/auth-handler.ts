import type { JWTPayload } from 'jose'
import type { Pdp } from './policy.ts'
import type { ActionDetails } from './presets/action-details.ts'
import type { Role, Scope, ServiceName, ToolName } from './tools.ts'

/** The MCP server's side of a pattern: how identity travels from a tool call to a service request. */
export interface AuthHandler {
  /**
   * The way of the user's credential to the MCP server; default: it does not get there.
   * - `prompt`: the system prompt carries the user's key and the model relays it as the argument `api_key`
   * - `argument`: the host puts the user's key into that argument; the model never sees it
   * - `bearer`: the session's access token, on the MCP transport's `Authorization` header
   */
  readonly credential?: 'prompt' | 'argument' | 'bearer'
  /**
   * Gives the headers that carry this pattern's credentials to the service. Called again, once, with
   * `call.challenge` where the service answered 401 with one (renewal, nonce).
   * @throws {AuthError} where no credential can be had
   */
  prepareRequest(
    call: ToolCall,
    request: OutboundRequest,
    server: ToolServer,
  ): Promise<Record<string, string>>
  /** Gate before the call leaves the MCP server; default: allow. */
  beforeToolCall?(call: ToolCall, server: ToolServer): Promise<Decision>
}

/** One call of one tool. It carries all that belongs to the call, because a handler keeps nothing. */
export interface ToolCall {
  readonly tool: ToolName
  readonly service: ServiceName
  /** The scope that the tool needs. */
  readonly scope: Scope
  readonly args: Readonly<Record<string, unknown>>
  /** The argument `api_key`, where the pattern's `credential` is `prompt` or `argument`. */
  readonly apiKey?: string
  /** The caller's access token, verified on arrival, where `credential` is `bearer`. */
  readonly session?: Session
  /** The service's 401 to the first attempt. */
  readonly challenge?: ServiceChallenge
  /** W3C Trace Context header value; all records of the call share its trace id. */
  readonly traceparent: string
  /** Aborted when the caller has left: what is still under way for the call may end. */
  readonly signal?: AbortSignal
}

declare const kind: unique symbol
/** The token that the user's session gave to the MCP server. Branded: it must not leave for a service by mistake. */
export type SubjectToken = string & { readonly [kind]: 'subject' }
/** A token that the IdP issued for one service. */
export type ServiceToken = string & { readonly [kind]: 'exchanged' }

export interface Session {
  readonly token: SubjectToken
  readonly claims: JWTPayload
  /** The service's name for the user (`alice`), mapped from `sub`. */
  readonly userId: string
  /** The OAuth client that the user signed in to. */
  readonly client: string
  readonly roles: readonly Role[]
  readonly scopes: readonly string[]
}

export interface OutboundRequest {
  readonly method: string
  readonly url: string
  /** The body, as it will be sent; absent where there is none. */
  readonly body?: string
}

/** `WWW-Authenticate` of a service's 401 (RFC 9110 section 11.6.1), with `DPoP-Nonce` (RFC 9449 section 8). */
export interface ServiceChallenge {
  readonly scheme: string
  readonly error?: string
  readonly nonce?: string
}

/** `pending`: a person has to say yes first, at `authorizationUrl`. */
export type Decision =
  | { readonly allow: true; readonly reason: string; readonly rule?: string }
  | { readonly allow: false; readonly reason: string; readonly rule?: string }
  | { readonly pending: { readonly reason: string; readonly authorizationUrl: string } }

/** The MCP server that a call leaves from, as an OAuth client: the pair of {@link Service}. */
export interface ToolServer {
  /** The one static key that the agent was given. */
  readonly agentApiKey: string
  readonly tokenEndpoint: TokenEndpoint
  /** The same endpoint, as the agent's own client: for tokens in which no user is named. Default: it has none. */
  readonly agentEndpoint?: TokenEndpoint
  /** Asks users to approve single actions. Default: nobody can be asked. */
  readonly approvals?: Approvals
  readonly pdp: Pdp
  readonly signer: Signer
  /** The IdP's name for a service as an audience; default: the service's name. */
  audienceOf?(service: ServiceName): string
  /** The MCP server's clock, in ms since the epoch. */
  now(): number
}

export interface TokenEndpoint {
  readonly url: string
  /**
   * Sends a token request as the MCP server's client, authenticated (RFC 6749 section 2.3.1).
   * @returns the access token
   * @throws {AuthError} `invalid_token` where the IdP no longer honours the subject token, `grant_refused` where
   *   it will not issue what was asked for, `idp_unavailable` where it does not answer
   */
  request(
    parameters: Readonly<Record<string, string>>,
    options: {
      readonly traceparent: string
      /** The key that the token is to be bound to (RFC 9449 section 5); default: none, a Bearer token. */
      readonly boundTo?: Pick<Signer, 'proof'> | undefined
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<string>
}

/** Asks users, through the IdP, to approve one action each (OpenID Connect CIBA Core 1.0, RFC 9396). */
export interface Approvals {
  /**
   * Asks the user whose session token this is, and waits for the answer. A call is asked about once: for the same call
   * with a challenge it gives the token that it gave before.
   * @returns an access token that carries the details and is good for that action
   * @throws {AuthError} `access_denied` where the user said no or has too many questions open, `interaction_required`
   *   where no answer came in time, else as {@link TokenEndpoint.request}
   */
  request(
    call: ToolCall,
    asked: {
      readonly user: SubjectToken
      readonly action: ActionDetails
      readonly scope: readonly string[]
      /** The key that the token is to be bound to (RFC 9449 section 5); default: none, a Bearer token. */
      readonly boundTo?: Pick<Signer, 'proof'> | undefined
    },
  ): Promise<string>
}

/** The MCP server's private key, which can prove possession and cannot be read. */
export interface Signer {
  /**
   * Makes a DPoP proof for one request (RFC 9449 section 4.2), with a fresh `jti`.
   * `htu` may be the whole URL: the proof leaves query and fragment out.
   * `accessToken` becomes `ath`; leave it out at the token endpoint, where there is no token yet.
   */
  proof(request: {
    readonly htm: string
    readonly htu: string
    readonly accessToken?: string
    readonly nonce?: string | undefined
  }): Promise<string>
  /**
   * Signs a whole request with the same key (RFC 9421 section 3.1): method, target with its query, and the headers
   * that are given; a body by its digest (RFC 9530 section 2).
   * @param headers the credentials that the signature is to cover, by names in lower case
   * @returns the headers to send, those that were given among them
   */
  signRequest(
    request: OutboundRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>>
}
