import {
  type ActionDetails,
  AuthError,
  actionType,
  newTraceparent,
  type ServiceName,
  type SubjectToken,
  scopes,
  type ToolName,
  tools,
} from '@lab/contract'
import { createApprovals } from '../../parties/oauth-client/approvals.ts'
import { clientKey } from '../../parties/oauth-client/client-key.ts'
import { createTokenEndpoint } from '../../parties/oauth-client/token-endpoint.ts'
import { refresh, type SignedIn, signIn } from '../../parties/sign-in/index.ts'
import { UserError } from '../../process/user-error.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { agentPrivateKey } from '../../scenario/demo-keys.ts'
import { clientOf, userOf } from '../../scenario/realm/lookup.ts'
import { idpMetadata } from './idp-metadata.ts'
import { ProofKey } from './proof-key.ts'

/** A client's request for a token exchange (RFC 8693 section 2.1). */
export interface ExchangeRequest {
  readonly subjectToken: string
  /** Left out: the IdP chooses, as for an empty scope. */
  readonly audience?: string | undefined
  readonly scope: readonly string[]
  /** Binds the new token to the attacker's key (RFC 9449 section 5). */
  readonly bound: boolean
}

/** An OAuth client in the attacker's hands: its own, or one whose secret was stolen. */
export class AttackerClient {
  readonly clientId: string
  readonly key: Promise<ProofKey> = ProofKey.generate()
  readonly #runner: PatternRunner
  readonly #fetch: typeof fetch

  /** @param fetch the attacker's */
  constructor(runner: PatternRunner, clientId: string, fetch: typeof globalThis.fetch) {
    this.#runner = runner
    this.clientId = clientId
    this.#fetch = fetch
  }

  /** The tokens that a user gave to this client by signing in to it. */
  async signIn(username: string, wanted: readonly string[] = scopes, resource?: string): Promise<SignedIn> {
    const { realm, idp } = this.#runner.stack
    const { secret, redirectUris } = clientOf(realm, this.clientId)
    return signIn({
      issuer: idp.issuer,
      clientId: this.clientId,
      ...(secret && { clientSecret: secret }),
      redirectUri: redirectUris[0] ?? '',
      username,
      password: userOf(realm, username).password,
      scopes: wanted,
      ...(resource && { resource }),
      traceparent: newTraceparent(),
      fetch: this.#fetch,
    })
  }

  /**
   * The token of a sign-in for one resource (RFC 8707).
   * @returns undefined where the IdP refuses
   */
  async tokenFor(user: string, wanted: readonly string[], resource: string): Promise<string | undefined> {
    try {
      return (await this.signIn(user, wanted, resource)).accessToken
    } catch (error) {
      if (error instanceof UserError) return undefined
      throw error
    }
  }

  /**
   * Asks the IdP for a token of the client's own, in which no user is named.
   * @returns undefined where the IdP refuses
   */
  async ownToken(scope: readonly string[]): Promise<string | undefined> {
    const { secret = '', keys } = clientOf(this.#runner.realm, this.clientId)
    const credential = keys ? { privateKey: await clientKey(agentPrivateKey) } : { clientSecret: secret }
    const endpoint = createTokenEndpoint({
      metadata: await idpMetadata(this.#runner),
      clientId: this.clientId,
      fetch: this.#fetch,
      ...credential,
    })
    const parameters = { grant_type: 'client_credentials', scope: scope.join(' ') }
    return unlessRefused(endpoint.request(parameters, { traceparent: newTraceparent() }))
  }

  /** Asks a user to approve one action. @returns the token, bound to the attacker's key */
  async approved(asked: {
    readonly tool: ToolName
    readonly args: ActionDetails['arguments']
    readonly service: ServiceName
    readonly scope: readonly string[]
    readonly session: string
  }): Promise<string> {
    const { tool, args, service, scope, session } = asked
    const { secret: clientSecret = '' } = clientOf(this.#runner.realm, this.clientId)
    const metadata = await idpMetadata(this.#runner)
    const { clientId } = this
    const approvals = createApprovals({ metadata, clientId, clientSecret, fetch: this.#fetch })
    if (!approvals) throw new Error('could not be carried out: the IdP asks nobody')
    const key = await this.key
    return approvals.request(
      { tool, service, scope: tools[tool].scope, args, traceparent: newTraceparent() },
      {
        user: session as SubjectToken,
        action: { type: actionType, locations: [service], tool, arguments: args },
        scope,
        boundTo: { proof: ({ htm, htu }) => key.proof({ method: htm, url: htu }) },
      },
    )
  }

  /** Renews a user's session. @returns undefined where the IdP refuses */
  async renewed(tokens: SignedIn): Promise<string | undefined> {
    const { secret } = clientOf(this.#runner.realm, this.clientId)
    const renewing = refresh({
      issuer: this.#runner.stack.idp.issuer,
      clientId: this.clientId,
      ...(secret && { clientSecret: secret }),
      tokens,
      traceparent: newTraceparent(),
      fetch: this.#fetch,
    })
    return unlessRefused(renewing.then(({ accessToken }) => accessToken))
  }

  /**
   * Asks the IdP for a token in exchange.
   * @returns undefined where the IdP refuses
   * @throws where it does not answer
   */
  async exchange(request: ExchangeRequest): Promise<string | undefined> {
    const { token_endpoint: url = '' } = await idpMetadata(this.#runner)
    const { secret } = clientOf(this.#runner.realm, this.clientId)
    const basic = Buffer.from(`${this.clientId}:${secret}`).toString('base64')
    const proof = request.bound ? await (await this.key).proof({ method: 'POST', url }) : undefined
    const response = await this.#fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, ...(proof && { dpop: proof }) },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: request.subjectToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        ...(request.audience && { audience: request.audience }),
        ...(request.scope.length > 0 && { scope: request.scope.join(' ') }),
      }),
    })
    if (response.status >= 500) throw new Error(`the IdP answered ${response.status} to an exchange`)
    if (!response.ok) return undefined
    return ((await response.json()) as { access_token: string }).access_token
  }
}

/** An outage is no refusal, and stays an error. */
async function unlessRefused(asking: Promise<string>): Promise<string | undefined> {
  try {
    return await asking
  } catch (error) {
    if (error instanceof AuthError && error.status < 500) return undefined
    throw error
  }
}
