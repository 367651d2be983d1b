import { createHash, randomBytes } from 'node:crypto'
import { boundedFetch, newTraceparent } from '@lab/contract'
import type { IdentityProvider } from '../../parties/idp/index.ts'
import { discover, idpTimeout } from '../../parties/oauth-client/discovery.ts'
import { createSigner } from '../../parties/oauth-client/signer.ts'
import { Browser } from '../../parties/sign-in/browser.ts'
import { type SignedIn, signIn } from '../../parties/sign-in/index.ts'
import { fillLoginForm } from '../../parties/sign-in/login-form.ts'
import { clientOf, userOf } from '../../scenario/realm/lookup.ts'
import type { Realm } from '../../scenario/realm/realm.ts'

const tokenType = (name: string) => `urn:ietf:params:oauth:token-type:${name}`
export const accessTokenType = tokenType('access_token')

/** The answer of a token endpoint. */
export interface TokenAnswer {
  readonly status: number
  readonly access_token?: string
  readonly refresh_token?: string
  readonly token_type?: string
  readonly scope?: string
  readonly error?: string
  readonly error_description?: string
}

/** An IdP that does not answer a probe fails it. */
const fetch = boundedFetch(globalThis.fetch, { timeout: idpTimeout })

/** Parameters of a request, as they are sent. */
export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>

/** One of the two IdPs, as the clients of the realm use it: raw, so that a probe can do what no honest client does. */
export class ProbeIdp {
  readonly idp: IdentityProvider
  readonly #realm: Realm

  constructor(idp: IdentityProvider, realm: Realm) {
    this.idp = idp
    this.#realm = realm
  }

  async metadata(): Promise<Readonly<Record<string, unknown>>> {
    return { ...(await discover(this.idp.issuer, { fetch, traceparent: newTraceparent() })) }
  }

  signIn(
    username: string,
    options: { clientId?: string; scopes?: readonly string[]; password?: string } = {},
  ): Promise<SignedIn> {
    const { clientId = 'agent-app', scopes = ['expenses:read'] } = options
    const { secret, redirectUris } = clientOf(this.#realm, clientId)
    return signIn({
      issuer: this.idp.issuer,
      clientId,
      ...(secret && { clientSecret: secret }),
      redirectUri: redirectUris[0] ?? '',
      username,
      password: options.password ?? userOf(this.#realm, username).password,
      scopes,
      fetch,
      traceparent: newTraceparent(),
    })
  }

  /** @param client undefined: no client authentication */
  async token(form: Changes, client?: { id: string; secret?: string; proof?: string }): Promise<TokenAnswer> {
    return this.post('token_endpoint', form, client)
  }

  /** An exchange as the MCP server makes it, with changes; a parameter that is `undefined` is left out. */
  exchange(
    subjectToken: string,
    changes: Readonly<Record<string, string | undefined>> = {},
    client: { id: string; secret?: string; proof?: string } = { id: 'mcp-server' },
  ): Promise<TokenAnswer> {
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subjectToken,
      subject_token_type: accessTokenType,
      audience: 'expenses',
      scope: 'expenses:read',
      ...changes,
    }
    const given = Object.entries(form).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    return this.token(Object.fromEntries(given), client)
  }

  /** A proof for the token endpoint, by a new key. */
  async proof(): Promise<string> {
    const { token_endpoint } = await this.metadata()
    return (await createSigner()).proof({ htm: 'POST', htu: String(token_endpoint) })
  }

  async post(
    endpoint: string,
    form: Changes,
    client?: { id: string; secret?: string; proof?: string },
  ): Promise<TokenAnswer> {
    const url = (await this.metadata())[endpoint]
    if (typeof url !== 'string') return { status: 0, error: 'no such endpoint' }
    const secret = client && (client.secret ?? clientOf(this.#realm, client.id).secret ?? '')
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...(client && { authorization: `Basic ${btoa(`${client.id}:${secret}`)}` }),
        ...(client?.proof && { dpop: client.proof }),
      },
      body: parametersOf(form),
    })
    const text = await response.text()
    const answer = text.startsWith('{') ? (JSON.parse(text) as Omit<TokenAnswer, 'status'>) : {}
    return { ...answer, status: response.status }
  }

  /**
   * The tokens of a whole sign-in as a standard MCP client makes it, with changes to its two requests; or what it was
   * refused with. A parameter that is `undefined` is left out, and a list is sent as often as it has members.
   */
  async standardSignIn(
    changes: { readonly authorize?: Changes; readonly redeem?: Changes } = {},
  ): Promise<TokenAnswer> {
    const { code, codeVerifier, refused } = await this.code(changes.authorize)
    if (refused !== undefined) return { status: 0, error: refused }
    return this.redeem(code ?? '', codeVerifier, changes.redeem)
  }

  /** The code that a sign-in of alice ends with, and what it is redeemed by. */
  async code(changes: Changes = {}): Promise<{ code?: string; codeVerifier: string; refused?: string }> {
    const codeVerifier = randomBytes(32).toString('base64url')
    const url = new URL(String((await this.metadata()).authorization_endpoint))
    url.search = parametersOf({
      response_type: 'code',
      client_id: 'agent-app',
      redirect_uri: this.#redirectUri,
      scope: 'openid expenses:read expenses:write',
      state: 'state',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    }).toString()
    const user = { username: 'alice', password: userOf(this.#realm, 'alice').password }
    const traceparent = newTraceparent()
    const browser = new Browser({ origin: url.origin, redirectUri: this.#redirectUri, fetch, traceparent })
    let landing = await browser.visit(url)
    if ('page' in landing) {
      const form = fillLoginForm(await landing.page.text(), landing.url, user)
      if (!form) return { codeVerifier, refused: `no login form, HTTP ${landing.page.status}` }
      landing = await browser.visit(form.action, form.fields)
    }
    if ('page' in landing)
      return { codeVerifier, refused: `a page instead of a code, HTTP ${landing.page.status}` }
    const { code, error } = Object.fromEntries(landing.callback.searchParams)
    return { codeVerifier, ...(code && { code }), ...(error && { refused: error }) }
  }

  redeem(code: string, codeVerifier: string, changes: Changes = {}): Promise<TokenAnswer> {
    return this.token({
      grant_type: 'authorization_code',
      client_id: 'agent-app',
      redirect_uri: this.#redirectUri,
      code,
      code_verifier: codeVerifier,
      ...changes,
    })
  }

  get #redirectUri(): string {
    return clientOf(this.#realm, 'agent-app').redirectUris[0] ?? ''
  }

  /** An authorization request as a browser makes it, without a session. @returns where it is sent, or the status */
  async authorize(changes: Readonly<Record<string, string | undefined>>): Promise<string> {
    const url = new URL(String((await this.metadata()).authorization_endpoint))
    const { redirectUris } = clientOf(this.#realm, 'agent-app')
    const parameters = {
      response_type: 'code',
      client_id: 'agent-app',
      redirect_uri: redirectUris[0],
      scope: 'openid expenses:read',
      state: 'state',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...changes,
    }
    for (const [name, value] of Object.entries(parameters))
      if (value !== undefined) url.searchParams.set(name, value)
    // A login page: followed, because the embedded IdP has its own address for it and Keycloak shows it at once.
    const response = await fetch(url, { redirect: 'manual' })
    const location = response.headers.get('location')
    if (!location) return `HTTP ${response.status}`
    const target = new URL(location, url)
    if (target.origin === url.origin) return 'HTTP 200'
    const { error, error_description, iss } = Object.fromEntries(target.searchParams)
    return `redirect, ${error}: ${error_description}${iss ? ', with iss' : ''}`
  }
}

function parametersOf(changes: Changes): URLSearchParams {
  const pairs = Object.entries(changes).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => [name, each] as [string, string]),
  )
  return new URLSearchParams(pairs)
}
