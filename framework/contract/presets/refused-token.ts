import { errors, type JWTPayload } from 'jose'
import { visible } from '../visible-text.ts'

/** The values that a token was compared with. */
export interface Compared {
  readonly issuer: string
  readonly audience: string | undefined
  readonly algorithms: readonly string[]
  /** The type of an access token's header. */
  readonly type: string
  /** In seconds. */
  readonly maxAge: number
  /** In ms since the epoch. */
  readonly now: number
}

/** A claim in a reason is at most so long. */
const maxLength = 80

/**
 * The reason why a token does not hold, with both sides of what was compared. Claims are quoted from a token whose
 * signature holds, so that they are the issuer's words and not the caller's.
 */
export function reasonOf(error: unknown, compared: Compared): string {
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
    return claimReason(error, compared)
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'signed by a key that the issuer does not publish'
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'the signature does not hold: changed since, or signed by another key'
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `alg is not allowed: a signature counts by ${compared.algorithms.join(', ')}`
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return 'malformed: not a signed JWT, which is header.payload.signature'
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'more than one key of the issuer might have signed it: the header must name one (kid)'
  }
  if (error instanceof errors.JOSENotSupported) {
    return 'the header asks for an extension or an algorithm that is not known here (crit, alg)'
  }
  return 'not readable'
}

/** The reason why a proof of a key (RFC 9449 section 4.2) does not hold. The library's words are the error's cause. */
export function proofReasonOf(error: unknown, algorithms: readonly string[]): string {
  if (error instanceof errors.JWTExpired) return 'the proof has expired (exp)'
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error
    if (claim === 'typ') return "the proof's header does not say that it is one (typ: dpop+jwt)"
    if (reason === 'missing') return `the proof has no claim ${claim}`
    return `${claim} of the proof is not what it must be`
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'the signature of the proof does not hold: changed since, or signed by another key'
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `alg of the proof is not allowed: a signature counts by ${algorithms.join(', ')}`
  }
  if (error instanceof errors.JWSInvalid && /"jwk"/.test(error.message)) {
    return 'the proof must carry a public key and no private one (jwk)'
  }
  return 'the proof is malformed: not a signed JWT, which is header.payload.signature'
}

function claimReason(
  error: errors.JWTExpired | errors.JWTClaimValidationFailed,
  { issuer, audience, type, maxAge, now }: Compared,
): string {
  const { claim, payload, reason } = error
  if (reason === 'missing' && claim !== 'typ') return `the token has no claim ${claim}`
  const seconds = Math.floor(now / 1000)
  const since = (time: unknown) => duration(Math.abs(seconds - Number(time)))
  if (claim === 'aud') return `aud is ${wordsIn(payload, 'aud')}, and this is ${audience}`
  if (claim === 'iss') return `iss is ${wordsIn(payload, 'iss')}, and this trusts ${issuer}`
  if (claim === 'typ') return `typ: the header says that this is no access token (${type})`
  if (reason !== 'check_failed') return `${claim} is not of the kind that it must be`
  if (claim === 'exp') return `expired ${since(payload.exp)} ago`
  if (claim === 'nbf') return `nbf: not valid for another ${since(payload.nbf)}`
  if (claim !== 'iat') return `${claim} is another than it must be`
  return Number(payload.iat) > seconds
    ? `iat: issued ${since(payload.iat)} in the future`
    : `iat: issued ${since(payload.iat)} ago, and no token counts for longer than ${duration(maxAge)}`
}

function wordsIn(payload: JWTPayload, claim: string): string {
  const text = visible([payload[claim]].flat().map(String).join(' and '))
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}

/** `240 s`, `10 min`, `24 h`. */
function duration(seconds: number): string {
  if (seconds < 300) return `${Math.round(seconds)} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
