import { createHash } from 'node:crypto'
import {
  type CompactJWSHeaderParameters,
  errors,
  type FlattenedJWSInput,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'

/** Everything that is demanded of a token: what jose is asked for, with each bound of time in numbers. */
export type Demands = Omit<JWTVerifyOptions, 'clockTolerance' | 'maxTokenAge' | 'currentDate'> & {
  readonly clockTolerance: number
  readonly maxTokenAge: number
  readonly currentDate: Date
}

export interface Verified {
  readonly payload: JWTPayload
  readonly protectedHeader: CompactJWSHeaderParameters
}

interface Kept {
  readonly key: unknown
  /** Both as JSON: each caller gets its own, and none that another could have changed. */
  readonly payload: string
  readonly protectedHeader: string
  /** In seconds since the epoch. */
  readonly exp: number
}

/** So often those that have ended are forgotten, in ms. */
const sweepEvery = 60_000

/**
 * The tokens that held before, so that neither their signature nor what does not change is looked at again. The whole
 * token and all that was demanded of it must be the same. At each use its key is asked for anew and every check of time
 * is made again; where anything is not as it was, the token is verified as if it had never been seen.
 */
export class VerifiedTokens {
  readonly #kept = new Map<string, Kept>()
  readonly #capacity: number
  #sweepAt = 0

  /** @param capacity how many are kept; then the oldest go */
  constructor(capacity = 5_000) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#kept.size
  }

  /** @throws what `jwtVerify` of jose throws, and the source of the keys */
  async verify(token: string, keys: JWTVerifyGetKey, demands: Demands): Promise<Verified> {
    const name = nameOf(token, demands)
    const kept = this.#kept.get(name)
    if (kept) {
      const payload = JSON.parse(kept.payload)
      const protectedHeader = JSON.parse(kept.protectedHeader)
      const hasKey = (await this.#keyNow(kept, keys, protectedHeader, token)) === kept.key
      if (hasKey && isInTime(payload, demands)) return { payload, protectedHeader }
      if (hasKey) this.#kept.delete(name)
      else this.#forgetSignedBy(kept.key)
    }
    let key: unknown
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async (header, input) => {
        const found = await keys(header, input)
        key = found
        return found
      },
      demands,
    )
    this.#keep(name, { key, payload, protectedHeader }, demands.currentDate.getTime())
    return { payload, protectedHeader }
  }

  /** The key that the issuer publishes for this token as of now: a withdrawn one takes all that it signed along. */
  async #keyNow(
    { key }: Kept,
    keys: JWTVerifyGetKey,
    header: CompactJWSHeaderParameters,
    token: string,
  ): Promise<unknown> {
    try {
      return await keys(header, inputOf(token))
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) this.#forgetSignedBy(key)
      throw error
    }
  }

  #forgetSignedBy(key: unknown): void {
    for (const [name, kept] of this.#kept) if (kept.key === key) this.#kept.delete(name)
  }

  #keep(name: string, { key, payload, protectedHeader }: Verified & { key: unknown }, now: number): void {
    if (now >= this.#sweepAt) {
      this.#sweepAt = now + sweepEvery
      for (const [each, { exp }] of this.#kept) if (exp * 1000 <= now) this.#kept.delete(each)
    }
    const [oldest = ''] = this.#kept.keys()
    if (this.#kept.size >= this.#capacity) this.#kept.delete(oldest)
    const texts = { payload: JSON.stringify(payload), protectedHeader: JSON.stringify(protectedHeader) }
    this.#kept.set(name, { key, ...texts, exp: payload.exp ?? 0 })
  }
}

/** A digest: what is kept of a token is of no use to whoever reads it. */
function nameOf(token: string, { currentDate: _now, ...demanded }: Demands): string {
  return createHash('sha256').update(JSON.stringify(demanded)).update('\n').update(token).digest('base64url')
}

function inputOf(token: string): FlattenedJWSInput {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return { protected: header, payload, signature }
}

/** The checks of RFC 7519 section 4.1.4 to 4.1.6 as jose makes them, which alone says what is wrong with a token. */
function isInTime(
  { exp = 0, nbf = 0, iat = 0 }: JWTPayload,
  { clockTolerance, maxTokenAge, currentDate }: Demands,
): boolean {
  const now = Math.floor(currentDate.getTime() / 1000)
  const age = now - iat
  return (
    exp > now - clockTolerance &&
    nbf <= now + clockTolerance &&
    age - clockTolerance <= maxTokenAge &&
    age >= -clockTolerance
  )
}
