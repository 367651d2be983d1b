import { randomUUID } from 'node:crypto'
import { listen } from '@lab/services'
import {
  type CompactJWSHeaderParameters,
  CompactSign,
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { ProofKey } from '../../attacks/attacker/proof-key.ts'

/** Departures of a token from the honest one. */
export interface TokenChanges {
  /** `undefined` takes a header out. */
  readonly header?: Readonly<Record<string, unknown>>
  /** `undefined` takes a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Changes the claims as text: what no object can say. */
  readonly text?: (claims: string) => string
}

/** The audience, scope and header of an honest token. */
export interface HonestForm {
  readonly audience: string
  readonly scope: string
  readonly typ: string
  /** The strength of the sign-in (RFC 9470 section 3). */
  readonly acr?: string | undefined
  /** The key that the tokens are bound to. */
  readonly boundTo?: ProofKey | undefined
}

/** The state of tokens, for servers that ask about them. */
interface Introspection {
  readonly asked: number
  revoke(token: string): void
}

/** Signs claims with whatever changes there are: also such that no JWT library would sign. */
export async function signedToken(
  key: Parameters<CompactSign['sign']>[0],
  header: CompactJWSHeaderParameters,
  claims: JWTPayload,
  { text = (same) => same }: TokenChanges,
): Promise<string> {
  return new CompactSign(Buffer.from(text(JSON.stringify(claims))))
    .setProtectedHeader(header)
    .sign(key, { crit: { 'urn:agent-auth-lab:unknown': true } })
}

/** An issuer of tokens of every kind, which the server under test trusts. */
export interface TokenIssuer {
  readonly url: string
  /** The key that its tokens are bound to (RFC 9449 section 6); undefined: they are bearer tokens. */
  readonly boundTo: ProofKey | undefined
  /** The outage and the change of its keys; undefined where the probe has no say in them. */
  readonly keys: { available: boolean; rotate(): Promise<void> } | undefined
  /** The answers to servers that ask whether a token still counts (RFC 7662); undefined where the probe has no say in that. */
  readonly introspection: Introspection | undefined
  jwks(): JSONWebKeySet
  /** The claims of an honest token. */
  claimsOf(user: string, claims?: JWTPayload): JWTPayload
  /** A token of this issuer: honest but for the changes. */
  mint(user: string, claims?: JWTPayload, changes?: TokenChanges): Promise<string>
}

/** The lifetime of an honest token, in seconds. */
const lifespan = 300

/**
 * An issuer that the server under test trusts for the time of the test: metadata, a key set, and tokens of every kind.
 * It signs in nobody, so it needs none of an IdP's endpoints.
 */
export class ProbeIssuer implements TokenIssuer {
  readonly url: string
  /** Paths that the server under test asked for. */
  readonly visits: string[] = []
  readonly #form: HonestForm
  readonly #close: () => Promise<void>
  #key: ProofKey
  #kid: string
  readonly keys = { available: true, rotate: () => this.#rotate() }
  readonly #revoked = new Set<string>()
  readonly introspection = { asked: 0, revoke: (token: string) => void this.#revoked.add(token) }

  private constructor(url: string, form: HonestForm, key: ProofKey, close: () => Promise<void>) {
    this.url = url
    this.#form = form
    this.#key = key
    this.#kid = key.thumbprint
    this.#close = close
  }

  /**
   * @param port a fixed one, because the server under test is configured with it
   * @throws the socket's error, such as EADDRINUSE
   */
  static async start(port: number, form: HonestForm): Promise<ProbeIssuer> {
    const [listener, key] = await Promise.all([listen(port), ProofKey.generate()])
    const issuer = new ProbeIssuer(listener.url, form, key, () => listener.close())
    listener.serve((request) => issuer.#answer(request))
    return issuer
  }

  get boundTo(): ProofKey | undefined {
    return this.#form.boundTo
  }

  get jwksUrl(): string {
    return `${this.url}/jwks`
  }

  get introspectionUrl(): string {
    return `${this.url}/introspect`
  }

  jwks(): JSONWebKeySet {
    return { keys: [{ ...this.#key.publicJwk, kid: this.#kid, alg: 'ES256', use: 'sig' }] }
  }

  /** Signs with a new key from now on, and publishes no other. */
  async #rotate(): Promise<void> {
    this.#key = await ProofKey.generate()
    this.#kid = this.#key.thumbprint
  }

  /** The claims of an honest token (RFC 9068 section 2.2). */
  claimsOf(user: string, claims: JWTPayload = {}): JWTPayload {
    const now = Math.floor(Date.now() / 1000)
    const { audience: aud, scope, acr } = this.#form
    return {
      iss: this.url,
      sub: user,
      aud,
      client_id: 'agent-auth-lab-probe',
      jti: randomUUID(),
      iat: now,
      exp: now + lifespan,
      ...(this.boundTo && { cnf: { jkt: this.boundTo.thumbprint } }),
      ...(scope && { scope }),
      ...(acr && { acr }),
      ...claims,
    }
  }

  /** A token of this issuer: honest but for the changes. */
  async mint(user: string, claims: JWTPayload = {}, changes: TokenChanges = {}): Promise<string> {
    const header = { alg: 'ES256', typ: this.#form.typ, kid: this.#kid, ...changes.header }
    const all = { ...this.claimsOf(user, claims), ...changes.claims }
    return signedToken(this.#key.privateKey, header, all, changes)
  }

  async stop(): Promise<void> {
    await this.#close()
  }

  async #answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname
    this.visits.push(path)
    if (!this.keys.available) return new Response('out of service', { status: 503 })
    if (path === '/jwks') return Response.json(this.jwks(), { headers: { 'cache-control': 'max-age=1' } })
    if (path === '/introspect' && request.method === 'POST') {
      return Response.json(await this.#stateOf(new URLSearchParams(await request.text()).get('token') ?? ''))
    }
    const isMetadata =
      path === '/.well-known/openid-configuration' || path === '/.well-known/oauth-authorization-server'
    return isMetadata ? Response.json(this.#metadata()) : new Response('nothing is here', { status: 404 })
  }

  /** RFC 7662 section 2.2. Any client may ask: the server under test gets no credential of its own here. */
  async #stateOf(token: string): Promise<object> {
    this.introspection.asked += 1
    if (this.#revoked.has(token)) return { active: false }
    const { typ } = this.#form
    return jwtVerify(token, createLocalJWKSet(this.jwks()), { issuer: this.url, typ }).then(
      ({ payload }) => ({ active: true, ...payload }),
      () => ({ active: false }),
    )
  }

  /** RFC 8414 section 2. */
  #metadata() {
    return {
      issuer: this.url,
      jwks_uri: this.jwksUrl,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      introspection_endpoint: this.introspectionUrl,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
    }
  }
}
