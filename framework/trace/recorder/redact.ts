import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload } from 'jose'

const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g
/** Credentials that go by a name: in forms and in the query of a redirect, and in JSON. */
const inForms =
  /\b((?:client_secret|code|code_verifier|access_token|refresh_token|id_token|password|client_assertion|state|nonce)=)([^&"'\s]+)/g
const inJson = /("(?:client_secret|access_token|refresh_token|id_token|password)"\s*:\s*")([^"]+)/g
const basic = /\b(Basic) [\w+/=]+/g

/** Replaces every credential in a text by what may be shown of it. */
export class Redactor {
  readonly #labels = new Map<string, string>()

  /** Registers a secret that has no shape of its own, such as an API key. */
  register(secret: string, label: string): void {
    this.#labels.set(secret, label)
  }

  /** @returns the text with no secret whole in it; tokens keep what they say of themselves */
  redact(text: string): string {
    let shown = text
    for (const [secret, label] of this.#labels) {
      shown = shown.replaceAll(secret, `‹${label} ${fingerprint(secret)}›`)
    }
    return shown
      .replace(jwt, (token) => `‹${describeJwt(token)} ${fingerprint(token)}›`)
      .replace(basic, '$1 ‹client secret›')
      .replace(inForms, hideNamed)
      .replace(inJson, hideNamed)
  }
}

function hideNamed(all: string, name: string, secret: string): string {
  return secret.startsWith('‹') ? all : `${name}‹${fingerprint(secret)}›`
}

/** Enough of a digest to tell two secrets apart and too little to use: `sha256:1f2e3d4c`. */
export function fingerprint(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 8)}`
}

/** A JWT, decoded and not verified: for display alone. */
export interface SeenToken {
  readonly header: JWTHeaderParameters
  readonly claims: JWTPayload
  readonly fingerprint: string
}

/** Every JWT in a text. */
export function tokensIn(text: string): SeenToken[] {
  return [...new Set(text.match(jwt))].flatMap((token) => {
    const decoded = decode(token)
    return decoded ? [{ ...decoded, fingerprint: fingerprint(token) }] : []
  })
}

function describeJwt(token: string): string {
  const claims = decode(token)?.claims
  if (!claims) return 'jwt'
  if (claims.htm) return `proof ${claims.htm} ${claims.htu}`
  return `jwt for ${[claims.aud].flat().join(' ') || 'nobody'}`
}

function decode(token: string): Pick<SeenToken, 'header' | 'claims'> | undefined {
  try {
    return { header: decodeProtectedHeader(token) as JWTHeaderParameters, claims: decodeJwt(token) }
  } catch {
    // Only looks like a JWT: there is nothing in it to show, and it is redacted all the same.
    return undefined
  }
}
