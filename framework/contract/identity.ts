import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { ReplayStore } from './presets/replay-store.ts'
import type { TokenProfile } from './presets/token-profile.ts'
import type { ProofKeys } from './proof-keys.ts'
import type { Role, ServiceName, ToolName } from './tools.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

/** The caller of one request, as a service knows it: the whole answer of a pattern's `getIdentity`. */
export interface Identity {
  readonly method:
    | 'none'
    | 'api_key'
    | 'string_id'
    | 'jwt'
    | 'scoped_jwt'
    | 'delegated_jwt'
    | 'bound_jwt'
    | 'agent_jwt'
  /** The policy that decides for this identity. `authorize` obeys, and refuses an identity that has none. */
  readonly policy: 'nobody' | 'any-caller' | 'roles' | 'opa/scope' | 'opa/relationships' | 'opa/agents'
  /** `alice`: the service's own name for the user, never the claim that names her. */
  readonly userId?: string
  readonly roles?: readonly Role[]
  /** The agents that act for the user, outermost first (RFC 8693 section 4.1, the `act` chain). */
  readonly actors?: readonly string[]
  /** The OAuth client that asked for the token (`azp`), or the one that an API key was given to. */
  readonly client?: string
  /** The user who approved exactly this action; absent where nobody was asked. */
  readonly approvedBy?: string
  readonly scopes?: readonly string[]
  readonly claims?: JWTPayload
  /** Never printed or logged whole. */
  readonly rawToken?: string
}

/**
 * The facts that a token tells, with the token where nothing that prints, copies or serializes an object finds it:
 * `rawToken` is read by its name alone.
 */
export function withRawToken<Known extends object>(
  known: Known,
  rawToken: string,
): Known & { readonly rawToken: string }
export function withRawToken<Known extends object>(
  known: Known,
  rawToken: string | undefined,
): Known & { readonly rawToken?: string }
export function withRawToken(known: object, rawToken: string | undefined): object {
  const copy = { ...known }
  if (rawToken === undefined) return copy
  return Object.defineProperty(copy, 'rawToken', { value: rawToken, enumerable: false })
}

/**
 * Reads the caller's identity from a request. Throws {@link AuthError}: 401 for a credential that does not
 * hold, 503 where the IdP's keys are needed and unavailable.
 */
export type GetIdentity = (request: Request, service: Service) => Promise<Identity>

/** The parts that verify an access token: the issuer, its keys, its users, the clock. */
export interface TokenVerifier {
  readonly issuer: string
  /** The issuer's public keys (JWKS, cached, fetched again on an unknown `kid`). */
  readonly jwks: JWTVerifyGetKey
  /** The user whom a token names, by `sub` or by the claim of the profile; undefined if there is none. */
  userOf(subject: string): string | undefined
  /** In ms since the epoch. */
  now(): number
  /** The form of its tokens; default: the realm's. */
  readonly profile?: TokenProfile
  /** Tokens that held here before; default: each is verified anew. */
  readonly verified?: VerifiedTokens
}

/** The resource server that a request arrived at: all that an extractor may use. */
export interface Service extends TokenVerifier {
  readonly name: ServiceName
  /** The audience that a token must be addressed to. */
  readonly audience: string
  /** The service's public base URL without a trailing slash: what a proof's `htu` is compared with, never `Host`. */
  readonly baseUrl: string
  readonly apiKeys: readonly ApiKey[]
  /** Proofs and approvals that were seen here, or at any replica. */
  readonly replay: ReplayStore
  /** Keys that proofs brought along before; default: each is imported anew. */
  readonly proofKeys?: ProofKeys
  /** The roles in the directory's row, as they are now. */
  rolesOf(userId: string): readonly Role[]
  /** Reads what the request asks for. Default: the service does not say. */
  askedFor?(): Promise<AskedFor>
}

/** The tool that a request carries out, with every argument as it came: in path, query and body. */
export interface AskedFor {
  readonly tool: ToolName
  readonly args: Readonly<Record<string, unknown>>
}

/** One row of a service's key table. */
export interface ApiKey {
  readonly key: string
  /** The client that the key was given to: `agent` for the shared one. */
  readonly client: string
  /** The user that it stands for, where it stands for one. */
  readonly userId?: string
}
