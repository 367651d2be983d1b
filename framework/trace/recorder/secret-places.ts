/** The places at which a secret stands, whatever it looks like: by the names that OAuth, OpenID Connect and habit give it. */

const names = [
  'access_token',
  'actor_token',
  'api[-_]?key',
  'assertion',
  'auth_req_id',
  'client_assertion',
  'client_secret',
  'code_verifier',
  'device_code',
  'id_token',
  'id_token_hint',
  'login_hint_token',
  'logout_token',
  'mcp-session-id',
  'otp',
  'pass(?:word|phrase|wd)',
  'private_key',
  'pushed_authorization_request',
  'refresh_token',
  'registration_access_token',
  'SAMLRe(?:quest|sponse)',
  'secret',
  'session_token',
  'set-cookie',
  'subject_token',
  'token_hint',
  'totp',
  'user_code',
  'x-api-key',
].join('|')

/** The label of a secret that its shape gave away. It has spaces, which no secret in a form has. */
const label = '‹[^›]*›'

/** In a form or a query also those that are common words elsewhere. */
const inForms = new RegExp(
  `(?<![\\w-])((?:${names}|code|nonce|state|ticket|token|xsrf)=)(${label}|[^&"'\\s]+)`,
  'gi',
)
const inJson = new RegExp(
  `("(?:${names}|authorization|cookie|proxy-authorization)"\\s*:\\s*")((?:[^"\\\\]|\\\\.)+)`,
  'gi',
)
/** JSON within JSON: as a tool's result carries a service's answer. */
const inNestedJson = new RegExp(`(\\\\+"(?:${names})\\\\+"\\s*:\\s*\\\\+")([^"\\\\]+)`, 'gi')
/** The private part of a JWK (RFC 7518 section 6). */
const inJwk = /(\\*"d\\*"\s*:\s*\\*")([\w-]{20,})/g
/** The credential behind the name of a scheme: a short word, or one without digits, is prose. */
const inText = /\b((?:ApiKey|Bearer|DPoP|Token) +)((?=[^\s\d]*\d)[\w.~+/=-]{16,})/gi
const inUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)([^\s/@"']+)(?=@)/gi
/** Base64 of what begins as a JWT does. */
const encodedJwt = /()\b(ZXlK[\w+/=-]{40,})/g

const secretName = new RegExp(`^(?:${names}|authorization|cookie|proxy-authorization)$`, 'i')

/** Tells whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name)
}

const places = [inForms, inJson, inNestedJson, inJwk, inText, inUrl, encodedJwt]

/** The names whose secrets people choose: a digest of one would tell it to whoever guesses. */
const chosen = '(?:pass(?:word|phrase|wd)|otp|totp|user_code)'
const chosenByPeople = new RegExp(`${chosen}\\W+$`, 'i')

/** Tells whether a field of this name holds a secret that a person chose. */
export function isChosenByPeople(name: string): boolean {
  return new RegExp(`^${chosen}$`, 'i').test(name)
}

/** Gives what is shown of a secret. `isChosen`: by a person, so that a digest would tell it. */
export type Hide = (secret: string, isChosen: boolean) => string

/** The text with every secret that is known by its place replaced by what `hide` makes of it. */
export function hidePlaces(text: string, hide: Hide): string {
  return places.reduce(
    (shown, place) =>
      shown.replace(place, (_all, before: string, secret: string) => {
        const isHidden = /^‹[^›]*›/.test(secret) || /^sha256:[0-9a-f]{8}$/.test(secret)
        return before + (isHidden ? secret : hide(secret, place === inUrl || chosenByPeople.test(before)))
      }),
    text,
  )
}

/** Headers that hold no credential. Any other may be one of a pattern's own. */
const plain =
  /^(?:accept(?:-[a-z]+)?|access-control-[a-z-]+|age|allow|cache-control|connection|content-[a-z-]+|date|dpop-nonce|etag|expires|host|keep-alive|last-[a-z-]+|link|location|mcp-(?:method|name|protocol-version)|origin|pragma|priority|referer|referrer-policy|retry-after|sec-[a-z-]+|server|signature-input|strict-transport-security|trace(?:parent|state)|transfer-encoding|user-agent|vary|via|www-authenticate|x-(?:content-type-options|frame-options|stainless-[a-z-]+))$/

const credential = /auth|cookie|cred|dpop|jwt|key|pass|secret|session|sig|token/

/** The kinds of headers, by how much of their value may be shown. */
export type HeaderKind = 'plain' | 'cookie' | 'authorization' | 'credential' | 'unknown'

export function kindOfHeader(name: string): HeaderKind {
  if (plain.test(name)) return 'plain'
  if (/^(?:set-)?cookie2?$/.test(name)) return 'cookie'
  if (name === 'authorization' || name === 'proxy-authorization') return 'authorization'
  return credential.test(name) ? 'credential' : 'unknown'
}

/** Tells whether a value is nothing but a few words: what a header of any name may show. */
export function isWords(value: string): boolean {
  return value.length <= 40 && /^[\w:.,/ -]*$/.test(value) && (value.match(/\d/g) ?? []).length < 4
}
