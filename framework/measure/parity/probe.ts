import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose'
import type { ProbeIdp, TokenAnswer } from './probe-idp.ts'

/** One thing that a client may do at an IdP. What comes of it is put into words that leave aside what is random. */
export interface Probe {
  readonly name: string
  run(idp: ProbeIdp): Promise<string>
}

export function probe(name: string, run: Probe['run']): Probe {
  return { name, run }
}

export function answerInWords({
  status,
  error,
  error_description,
  access_token,
  token_type,
  scope,
}: TokenAnswer): string {
  if (!access_token) return [status, error, error_description].filter(Boolean).join(' ')
  return `${status} ${token_type} "${sorted(scope ?? '')}" ${tokenInWords(access_token)}`
}

/** A token by its header type, the names of its claims, and the values that do not change from run to run. */
export function tokenInWords(token: string): string {
  const claims = decodeJwt(token)
  const { exp = 0, iat = 0, act, cnf } = claims
  const values = {
    typ: decodeProtectedHeader(token).typ,
    aud: [claims.aud ?? []].flat().sort().join(' '),
    azp: claims.azp,
    scope: typeof claims.scope === 'string' ? sorted(claims.scope) : undefined,
    roles: claims.roles,
    act,
    cnf:
      cnf &&
      Object.keys(cnf as object)
        .sort()
        .join(' '),
    // The two are not read off the clock at the same moment: a second more or less is none.
    seconds: Math.round((exp - iat) / 5) * 5,
  }
  return `${JSON.stringify(values)}, claims ${namesOf(claims)}`
}

function namesOf(claims: JWTPayload): string {
  return Object.keys(claims).sort().join(' ')
}

function sorted(words: string): string {
  return words.split(' ').sort().join(' ')
}
