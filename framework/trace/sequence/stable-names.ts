import type { JWTHeaderParameters, JWTPayload } from 'jose'
import type { Hop } from '../recorder/hop.ts'
import type { Names } from './step.ts'

/** Claims that differ in every token and say nothing by their value. */
const fresh: Readonly<Record<string, string>> = {
  jti: '‹unique id›',
  sid: '‹session id›',
  ath: '‹hash of the token›',
}
/** Header parameters that name a key. */
const headers: Readonly<Record<string, string>> = {
  kid: '‹id of the signing key›',
  jwk: "‹the MCP server's public key›",
}
const times = ['iat', 'nbf', 'auth_time']

/** The addresses of the parties, as a stack has them. */
interface Addresses {
  readonly mcpUrl: string
  readonly serviceUrls: Readonly<Record<string, string>>
  readonly idp: { readonly issuer: string }
}

/**
 * Gives what differs from run to run a name that does not: ports, token fingerprints, ids and times. So a notebook's
 * outputs are the same every time, and a reader compares names instead of digests.
 */
export class StableNames implements Names {
  readonly #origins: readonly (readonly [string, string])[]
  readonly #numbers = new Map<string, number>()

  /** @param hops in order: the first token in them is token 1 */
  constructor({ mcpUrl, serviceUrls, idp }: Addresses, hops: readonly Hop[]) {
    this.#origins = [
      [new URL(mcpUrl).origin, 'http://mcp-server'],
      [idp.issuer, 'http://idp'],
      [new URL(idp.issuer).origin, 'http://idp'],
      ...Object.entries(serviceUrls).map(([name, url]) => [url, `http://${name}`] as const),
    ]
    for (const { request, response } of hops) {
      this.text(`${request.body}${Object.values(request.headers).join()}`)
      this.text(/"access_token":"[^"]+"/.exec(response.body)?.[0] ?? '')
    }
  }

  /** A redacted text with stable names. */
  text(redacted: string): string {
    return this.#origins
      .reduce((text, [origin, name]) => text.replaceAll(origin, name), redacted)
      .replace(
        /‹jwt for (\S+) (sha256:\w+)›/g,
        (_all, audience, print) => `‹${this.token(print)} for ${audience}›`,
      )
      .replace(/‹proof (\S+ \S+) (sha256:\w+)›/g, (_all, request) => `‹proof for ${request}›`)
      .replace(/‹([^›]*key) sha256:\w+›/g, '‹$1›')
      .replace(/‹sha256:\w+›/g, '‹secret›')
      .replace(/\b00-[0-9a-f]{32}-[0-9a-f]{16}-01\b/g, '‹trace›')
      .replace(/\b[0-9a-f]{32}\b/g, '‹trace›')
  }

  /** `token 2`: the second that was seen. */
  token(fingerprint: string): string {
    const number = this.#numbers.get(fingerprint) ?? this.#numbers.size + 1
    this.#numbers.set(fingerprint, number)
    return `token ${number}`
  }

  /** A token's JOSE header as text, one for each parameter: `typ` first, because it says what it is the header of. */
  header({ typ, alg, ...rest }: JWTHeaderParameters): Map<string, string> {
    const entries = Object.entries({ typ, alg, ...rest }).filter(([, value]) => value !== undefined)
    return new Map(entries.map(([name, value]) => [name, headers[name] ?? String(value)] as const))
  }

  /** A token's claims as text, one for each. */
  claims(claims: JWTPayload): Map<string, string> {
    const entries = Object.entries(claims).map(
      ([name, value]) => [name, this.#claim(name, value, claims)] as const,
    )
    return new Map(entries)
  }

  #claim(name: string, value: unknown, { iat = 0 }: JWTPayload): string {
    if (name in fresh) return fresh[name] as string
    if (times.includes(name)) return 't'
    if (name === 'exp') return `t + ${Number(value) - iat} s`
    if (name === 'cnf') return "{ jkt: ‹thumbprint of the MCP server's key› }"
    // A set of words, which every IdP lists in an order of its own (RFC 6749 section 3.3).
    if (name === 'scope') return String(value).split(' ').sort().join(' ')
    if (Array.isArray(value)) return value.join(' ')
    return this.text(typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
}
