import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload } from 'jose'
import { hidePlaces, isChosenByPeople, isSecretName, isWords, kindOfHeader } from './secret-places.ts'

const jwt = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g
const basic = /\b(Basic) +[\w+/=-]+/gi

/** So many secrets that showed themselves by their place are remembered, of those that were seen last. */
const learnedAtMost = 256
const shortestLearned = 16

/** The length and the number of texts that are known to hold no secret. */
const harmlessUpTo = 100
const harmlessAtMost = 1000

/** Values that cannot be words of a sentence: long, and with a digit. */
const learnable = new RegExp(`^(?=.*\\d)[\\w.~+/=:-]{${shortestLearned},}$`)

/** The words that a learned value can stand in: of its characters, and as long at least. */
const longWord = new RegExp(`[\\w.~+/=:-]{${shortestLearned},}`, 'g')
const hasDigit = (word: string) => /\d/.test(word)

/** Replaces every credential in a text by what may be shown of it. */
export class Redactor {
  readonly #labels = new Map<string, string>()
  /** The text in place of each learned secret: a digest is made once, and not for every text that is looked through. */
  readonly #learned = new Map<string, string>()

  /** Short texts without a secret: the headers that every request has. */
  readonly #harmless = new Set<string>()

  /** Registers a secret that has no shape of its own, such as an API key. */
  register(secret: string, label: string): void {
    if (!secret) return
    this.#harmless.clear()
    const bytes = Buffer.from(secret)
    for (const form of [
      secret,
      encodeURIComponent(secret),
      bytes.toString('base64'),
      bytes.toString('base64url'),
    ]) {
      this.#labels.set(form, `‹${label} ${fingerprint(secret)}›`)
    }
  }

  /**
   * Remembers the secrets that a message holds at a known place, so that they are hidden wherever else they turn up: in
   * the answer of a model, in an error, in a record.
   */
  learn(headers: Headers, body: string): void {
    for (const [name, value] of headers) {
      if (kindOfHeader(name) === 'plain' || kindOfHeader(name) === 'unknown') continue
      for (const word of value.split(/[\s;,]+/)) this.#remember(word.replace(/^[\w-]+=(?=.)/, ''))
    }
    hidePlaces(body, (secret) => {
      this.#remember(secret)
      return secret
    })
  }

  #remember(secret: string): void {
    // A token that says what it is is known by its shape.
    if (!learnable.test(secret) || secret.startsWith('eyJ')) return
    const known = this.#learned.get(secret)
    if (!known) this.#harmless.clear()
    const shown = known ?? hidden(secret)
    this.#learned.delete(secret)
    this.#learned.set(secret, shown)
    const [oldest = ''] = this.#learned.keys()
    if (this.#learned.size > learnedAtMost) this.#learned.delete(oldest)
  }

  /** @returns the text with no secret whole in it; tokens keep what they say of themselves */
  redact(text: string): string {
    if (this.#harmless.has(text)) return text
    const shown = this.#redacted(text)
    if (shown === text && text.length <= harmlessUpTo && this.#harmless.size < harmlessAtMost) {
      this.#harmless.add(text)
    }
    return shown
  }

  #redacted(text: string): string {
    let shown = text
    for (const [secret, label] of this.#labels) shown = shown.replaceAll(secret, label)
    // Most texts have nothing in them that could be, or hold, a secret that was learned.
    const words = shown.match(longWord)?.filter(hasDigit).join(' ') ?? ''
    if (words) {
      for (const [secret, label] of this.#learned) {
        if (words.includes(secret)) shown = shown.replaceAll(secret, label)
      }
    }
    shown = shown
      .replace(jwt, (token) => `‹${describeJwt(token)} ${fingerprint(token)}›`)
      .replace(basic, '$1 ‹client secret›')
    return hidePlaces(shown, (secret, isChosen) => (isChosen ? '‹secret›' : hidden(secret)))
  }

  /** A header's value as it may be shown. One of a name that is not known to be harmless shows words alone. */
  redactHeader(name: string, value: string): string {
    const shown = this.redact(value)
    switch (kindOfHeader(name)) {
      case 'plain':
        return shown
      case 'cookie':
        return '‹cookie›'
      case 'authorization': {
        const [, scheme, credentials] = /^([\w-]+) +(.+)$/s.exec(shown) ?? []
        return scheme && credentials ? `${scheme} ${whole(credentials)}` : whole(shown)
      }
      case 'credential':
        return whole(shown)
      case 'unknown':
        return shown === value && isWords(value) ? value : whole(shown)
    }
  }

  /** The same of every string in a value. What stands under a secret's name is hidden whatever it is. */
  redactAll<Value>(value: Value): Value {
    if (typeof value === 'string') return this.redact(value) as Value
    if (Array.isArray(value)) return value.map((each) => this.redactAll(each)) as Value
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, this.#redactField(name, each)]),
    ) as Value
  }

  #redactField(name: string, value: unknown): unknown {
    if (typeof value !== 'string') return this.redactAll(value)
    if (isChosenByPeople(name)) return '‹secret›'
    return isSecretName(name) ? whole(this.redact(value)) : this.redact(value)
  }
}

function hidden(secret: string): string {
  return `‹${fingerprint(secret)}›`
}

/** Hides a whole value. A label stays as it is: it says more than a digest. */
function whole(shown: string): string {
  return /^‹[^›]*›$/.test(shown) ? shown : hidden(shown)
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
