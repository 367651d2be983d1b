import type { JSONWebKeySet } from 'jose'
import type { ProofKey } from '../../attacks/attacker/proof-key.ts'
import { type Answer, bearer, type Call, type CallOptions, type Presented } from './calls/call.ts'
import { httpCall } from './calls/http-call.ts'
import { mcpCall } from './calls/mcp-call.ts'
import type { Canary } from './canary.ts'
import type { TokenIssuer } from './issuer.ts'
import { readKeys } from './read-keys.ts'
import { found, held, notApplicable, notTried, type ProbeResult } from './result.ts'
import { Sender } from './sender.ts'
import { Steadiness } from './steadiness.ts'
import type { Target } from './target.ts'

/** The honest call failed, so that a refusal beside it would prove nothing. */
class NoControl extends Error {
  override readonly name = 'NoControl'
}

/** A wrong credential, and a clause that says which. */
export interface Wrong {
  readonly presented: Presented
  readonly what: string
  readonly url?: string
}

/** The view that a check has of the server under test. */
export class Probe {
  readonly target: Target
  readonly sender: Sender
  /** Makes tokens of every kind; undefined where the person brought tokens of their own IdP. */
  readonly issuer: TokenIssuer | undefined
  /** The key that honest tokens are bound to; undefined where the target takes bearer tokens. */
  get key(): ProofKey | undefined {
    return this.issuer?.boundTo
  }

  readonly #call: Call
  readonly #steadiness = new Steadiness()
  #jwks: Promise<JSONWebKeySet> | undefined

  /** An API behind the server; undefined where the person points the server at none. */
  readonly canary: Canary | undefined

  /** The time that a server has to take up a new key, in ms. */
  readonly keyPatience: number

  /** @param options.keyPatience default: libraries wait up to 30 s between two fetches of a key set */
  constructor(
    target: Target,
    issuer: TokenIssuer | undefined,
    canary?: Canary,
    { keyPatience = 40_000 }: { readonly keyPatience?: number } = {},
  ) {
    this.keyPatience = keyPatience
    this.target = target
    this.issuer = issuer
    this.canary = canary
    this.sender = new Sender(target)
    this.#call = target.tool === undefined ? httpCall(target, this.sender) : mcpCall(target, this.sender)
    for (const [name, { token }] of Object.entries(target.users)) {
      if (token !== undefined) this.sender.hide(token, `token of ${name}`)
    }
  }

  /** True where the target names a tool. */
  get isMcp(): boolean {
    return this.target.tool !== undefined
  }

  /** The users, in the order of the target. */
  get users(): string[] {
    return Object.keys(this.target.users)
  }

  /** The first user, whose rows are what is to be protected. */
  get victim(): string {
    return this.users[0] as string
  }

  /** The harmless call with whatever is presented. */
  call(presented: Presented, options: CallOptions = {}): Promise<Answer> {
    return this.#call(presented, { ...options, text: options.text ?? this.textOf(this.victim) })
  }

  /** A token in the scheme of the target: as a bearer, or with a proof by the probe's key for each request. */
  present(token: string): Presented {
    const { key } = this
    if (!key) return bearer(token)
    return async ({ method, url }) => ({
      authorization: `DPoP ${token}`,
      dpop: await key.proof({ method, url, token }),
    })
  }

  /** The text by which a user's honest answer is known. */
  textOf(user: string): string | undefined {
    return this.target.users[user]?.expect.text
  }

  /** An honest token of a user; undefined where there is none. */
  async tokenOf(user: string): Promise<string | undefined> {
    const known = this.target.users[user]
    return known?.token ?? this.issuer?.mint(user, known?.claims)
  }

  /** The public keys that honest tokens are signed with; none where they are unknown. */
  async jwks(): Promise<JSONWebKeySet> {
    if (this.issuer) return this.issuer.jwks()
    this.#jwks ??= readKeys(this.target.jwks, this.sender)
    return this.#jwks
  }

  /** True where the honest call is served at one time and not at another, so that no answer means anything. */
  get isUnsteady(): boolean {
    return this.#steadiness.isUnsteady
  }

  /**
   * The honest call, which has to be served for any refusal to mean something.
   * @throws {NoControl}
   */
  async control(user = this.victim): Promise<string> {
    const token = await this.tokenOf(user)
    if (token === undefined) throw new NoControl(`there is no honest token of ${user}`)
    const honest = this.call(this.present(token), { text: this.textOf(user) })
    const { kind, how } = await honest.catch((error) => {
      this.#steadiness.note(false)
      throw error
    })
    this.#steadiness.note(kind === 'served')
    if (kind !== 'served') throw new NoControl(`the honest call of ${user} is ${kind}: ${how}`)
    return token
  }

  /**
   * Held, because the honest call beside it is served: a server that serves nobody shows no property.
   * @param reason one clause: the property that was seen
   * @throws {NoControl}
   */
  async heldBeside(reason: string): Promise<ProbeResult> {
    if ((await this.tokenOf(this.victim)) === undefined) {
      return notTried(`${reason}; that it serves anybody takes an honest token: --as-issuer or --token`)
    }
    await this.control()
    return held(`${reason}, and the honest call beside it was served`)
  }

  /**
   * Presents wrong credentials, between two honest calls.
   * @returns found where one of them was served
   * @throws {NoControl}
   */
  async refusesAll(wrong: readonly Wrong[]): Promise<ProbeResult> {
    if ((await this.tokenOf(this.victim)) === undefined) return noHonestToken
    await this.control()
    const unclear: string[] = []
    const refusals: string[] = []
    for (const { presented, what, url } of wrong) {
      const { kind, how } = await this.call(presented, url === undefined ? {} : { url })
      if (kind === 'served') return found(`${what} was served: ${how}`)
      if (kind === 'unclear') unclear.push(`${what}: ${how}`)
      else refusals.push(how)
    }
    await this.control()
    if (unclear.length > 0) throw new Error(`neither served nor refused: ${unclear.join('; ')}`)
    return held(`refused (${[...new Set(refusals)].join(', ')}), and the honest call beside it was served`)
  }
}

export const noHonestToken = notTried(
  'there is no honest token for the control: run with --as-issuer, or give --token',
)
export const servesAnybody = notApplicable('it serves a call without a token; see no-token')
export const needsIssuer = notTried('only an issuer can make this token: run with --as-issuer')
export const needsKeys = notTried(
  'only somebody who knows the public keys of the issuer can try: give --jwks',
)
