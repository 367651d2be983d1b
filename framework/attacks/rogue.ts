import { scopes } from '@lab/contract'
import { newTraceparent } from '@lab/services'
import { decodeProtectedHeader } from 'jose'
import { createSigner } from '../idp/signer.ts'
import { clientOf, userOf } from '../realm/lookup.ts'
import type { Exchange } from '../recorder/recorder.ts'
import type { PatternRunner } from '../runner/pattern-runner.ts'
import { signIn } from '../sign-in/index.ts'
import { credentialsOf } from './capture.ts'

const clientId = 'rogue-agent'

/**
 * Another integration of the same company. Users sign in to it too, and it may exchange tokens; it holds what the
 * pattern gives to any agent (a shared key, or the user's key). It was never told to act for anybody.
 */
export class Rogue {
  readonly #runner: PatternRunner
  readonly #signer = createSigner()

  constructor(runner: PatternRunner) {
    this.#runner = runner
  }

  /** The access token that a user gave to it by signing in. */
  async userToken(username: string, wanted: readonly string[] = scopes): Promise<string> {
    const { realm, idp } = this.#runner.stack
    const { secret, redirectUris } = clientOf(realm, clientId)
    const { accessToken } = await signIn({
      issuer: idp.issuer,
      clientId,
      ...(secret && { clientSecret: secret }),
      redirectUri: redirectUris[0] ?? '',
      username,
      password: userOf(realm, username).password,
      scopes: ['openid', ...wanted],
      traceparent: newTraceparent(),
      fetch: this.#fetch,
    })
    return accessToken
  }

  /** Sends a token request as itself. The answer may be a refusal. */
  async tokenRequest(url: string, form: URLSearchParams, withProof: boolean): Promise<Response> {
    const { secret } = clientOf(this.#runner.realm, clientId)
    const basic = Buffer.from(`${clientId}:${secret}`).toString('base64')
    const proof = withProof ? await (await this.#signer).proof({ htm: 'POST', htu: url }) : undefined
    const headers = { authorization: `Basic ${basic}`, ...(proof && { dpop: proof }) }
    return this.#fetch(url, { method: 'POST', headers, body: form })
  }

  /**
   * Credentials as the MCP server would make them for a recorded call, made by this agent in its own name.
   * @param recorded all exchanges of the honest run
   * @returns undefined where the IdP refuses to give it any
   */
  async imitate(
    recorded: readonly Exchange[],
    call: Exchange,
    user: string,
  ): Promise<Record<string, string> | undefined> {
    const theirs = credentialsOf(call)
    const swaps = new Map<string, string>()
    const session = bearerOf(recorded.find(({ to }) => to === 'mcp-server'))
    const exchange = recorded.find((each) => each.to === 'idp' && each.requestBody.includes('subject_token='))
    if (session || exchange) {
      const own = await this.userToken(user)
      if (session) swaps.set(session, own)
      if (exchange) {
        const issued = await this.#exchangeLike(exchange, own)
        if (!issued) return undefined
        swaps.set(JSON.parse(exchange.responseBody).access_token, issued)
      }
    }
    const mine = Object.entries(theirs).map(([name, value]) => [name, swapped(value, swaps)] as const)
    const token = mine.find(([name]) => name === 'authorization')?.[1].split(' ')[1]
    return Object.fromEntries(
      await Promise.all(
        mine.map(async ([name, value]) => [name, isProof(value) ? await this.#proofFor(call, token) : value]),
      ),
    )
  }

  /** First as recorded, then without the scope that names the agent: one of the two may be granted. */
  async #exchangeLike(exchange: Exchange, own: string): Promise<string | undefined> {
    const form = new URLSearchParams(exchange.requestBody)
    const asked = (form.get('scope') ?? '').split(' ')
    const reach = `to-${form.get('audience')}`
    for (const wanted of [asked, asked.filter((scope) => !scope.startsWith('act-'))]) {
      form.set('subject_token', own)
      form.set('scope', [...wanted, reach].join(' '))
      const response = await this.tokenRequest(exchange.url, form, exchange.requestHeaders.has('dpop'))
      if (response.ok) return ((await response.json()) as { access_token: string }).access_token
    }
    return undefined
  }

  async #proofFor({ method, url }: Exchange, token: string | undefined): Promise<string> {
    return (await this.#signer).proof({ htm: method, htu: url, ...(token && { accessToken: token }) })
  }

  get #fetch(): typeof fetch {
    return this.#runner.stack.recorder.fetchAs('attacker')
  }
}

function bearerOf(exchange: Exchange | undefined): string | undefined {
  return exchange?.requestHeaders.get('authorization')?.replace(/^Bearer /, '')
}

function swapped(value: string, swaps: ReadonlyMap<string, string>): string {
  return [...swaps].reduce((text, [theirs, mine]) => text.replace(theirs, mine), value)
}

function isProof(value: string): boolean {
  try {
    return decodeProtectedHeader(value).typ === 'dpop+jwt'
  } catch {
    // Not a JWT at all: a key, or a token behind its scheme.
    return false
  }
}
