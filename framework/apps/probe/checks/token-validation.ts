import { randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import {
  embeddedKey,
  type Forgery,
  keyUrl,
  kidInjection,
  otherIssuer,
  ownKey,
  publicKeyAsSecret,
  tampered,
  unknownKey,
  unsigned,
} from '../../../attacks/attacker/forging/forgeries.ts'
import { templateOf } from '../../../attacks/attacker/forging/jwt.ts'
import { asSentence, holes, lured } from '../../../attacks/attacker/holes.ts'
import { hostKeys } from '../../../attacks/attacker/hosted-keys.ts'
import type { Check } from '../check.ts'
import { claimsIn } from '../given-tokens.ts'
import type { TokenChanges } from '../issuer.ts'
import { needsIssuer, needsKeys, noHonestToken, type Probe } from '../probe.ts'
import { found, notTried } from '../result.ts'

const judgedBy =
  'the honest answer, which came back for the wrong token, between two honest calls that were served'

/** The ways in which somebody who saw a token makes another one: the same as in the attacks on the patterns. */
const forgeries: readonly {
  readonly id: string
  readonly says: string
  readonly clauses: readonly string[]
  readonly remedy: string
  readonly forge: Forgery
}[] = [
  {
    id: 'tampered-claims',
    says: asSentence(holes['tampered-claims']),
    clauses: ['RFC 7515 section 5.2', 'MCP07'],
    remedy: 'Verify the signature before you read a claim; a decode function of a JWT library does not.',
    forge: tampered,
  },
  {
    id: 'alg-none',
    says: asSentence(holes['alg-none']),
    clauses: ['RFC 8725 section 3.2', 'RFC 9068 section 4'],
    remedy: 'Give the verifier a list of allowed algorithms, and leave "none" out.',
    forge: unsigned,
  },
  {
    id: 'hs256-with-public-key',
    says: asSentence(holes['hs256-with-public-key']),
    clauses: ['RFC 8725 section 3.1'],
    remedy: 'Allow only the asymmetric algorithms that the issuer signs with.',
    forge: publicKeyAsSecret,
  },
  {
    id: 'own-key',
    says: asSentence(holes['own-key']),
    clauses: ['RFC 7515 section 5.2'],
    remedy: "Verify the signature with the issuer's key, not only that a key of that name exists.",
    forge: ownKey,
  },
  {
    id: 'unknown-key',
    says: 'It accepts a token whose key the issuer does not publish.',
    clauses: ['RFC 9068 section 4'],
    remedy: 'Refuse a key id that is not in the key set of the issuer.',
    forge: unknownKey,
  },
  {
    id: 'other-issuer',
    says: asSentence(holes['other-issuer']),
    clauses: ['RFC 9068 section 4', 'RFC 8725 section 3.8'],
    remedy: 'Compare `iss` with the issuers that you configured before you fetch a key.',
    forge: otherIssuer,
  },
  {
    id: 'kid-injection',
    says: asSentence(holes['kid-injection']),
    clauses: ['RFC 8725 section 3.10'],
    remedy: 'Look the key id up in the key set, by equality alone.',
    forge: kidInjection,
  },
  {
    id: 'jku-header',
    says: asSentence(holes['jku-header']),
    clauses: ['RFC 8725 section 3.10', 'RFC 7515 section 4.1.2'],
    remedy: 'Ignore `jku` and `x5u`; the address of the key set is configuration.',
    forge: keyUrl,
  },
  {
    id: 'embedded-jwk',
    says: asSentence(holes['embedded-jwk']),
    clauses: ['RFC 8725 section 3.10', 'RFC 7515 section 4.1.3'],
    remedy: 'Ignore `jwk` in the header of an access token.',
    forge: embeddedKey,
  },
]

export const forgeryChecks: readonly Check[] = forgeries.map(({ forge, ...about }) => ({
  ...about,
  severity: 'critical',
  judgedBy,
  async run(probe) {
    const token = await probe.tokenOf(probe.victim)
    if (token === undefined) return noHonestToken
    if (!claimsIn(token)) return notTried('the token is opaque: it shows nothing that could be forged')
    const jwks = await probe.jwks()
    const hosted = await hostKeys()
    try {
      const template = templateOf(token)
      // The victim's own name: the effect is the same, and no user has to be known to both sides.
      const claims = { ...template.claims, jti: randomUUID() }
      const forged = await forge({ template, claims, jwks, hosted })
      if (forged.length === 0) return needsKeys
      const result = await probe.refusesAll(
        forged.map((each, at) => ({
          presented: probe.present(each),
          what: `forgery ${at + 1} of ${forged.length}`,
        })),
      )
      if (result.outcome !== 'found' && hosted.visits.length > 0) {
        return found(lured)
      }
      return result
    } finally {
      await hosted.close()
    }
  },
}))

/** One token of the trusted issuer, with the right signature and one thing wrong. */
interface WrongToken extends Omit<Check, 'judgedBy' | 'run'> {
  readonly what: string
  changes(probe: Probe, honest: JWTPayload): TokenChanges | TokenChanges[]
}

const now = () => Math.floor(Date.now() / 1000)

const wrongTokens: readonly WrongToken[] = [
  {
    id: 'wrong-audience',
    says: asSentence(holes['wrong-audience']),
    severity: 'critical',
    clauses: ['MCP authorization 2026-07-28, token handling', 'RFC 8707 section 2', 'RFC 9068 section 4'],
    remedy: 'Demand that `aud` is this server: any other server that gets a token could use it here.',
    what: 'a token for another audience',
    changes: () => [
      { claims: { aud: 'https://another-server.example/mcp' } },
      { claims: { aud: ['https://another-server.example/mcp', 'account'] } },
    ],
  },
  {
    id: 'lookalike-audience',
    says: 'It compares only a part of the audience.',
    severity: 'high',
    clauses: ['RFC 7519 section 4.1.3', 'RFC 3986 section 6.2.1'],
    remedy: 'Compare audiences as whole strings, by equality.',
    what: 'a token whose audience only begins or ends like this one',
    changes: (_probe, { aud }) => [
      { claims: { aud: `${aud}.evil.example` } },
      { claims: { aud: `https://evil.example/?${aud}` } },
    ],
  },
  {
    id: 'no-audience',
    says: 'It accepts a token that is made for nobody.',
    severity: 'critical',
    clauses: ['RFC 9068 section 2.2', 'RFC 9068 section 4'],
    remedy: 'Demand `aud`; a check that runs only where the claim is present is none.',
    what: 'a token without an audience',
    changes: () => [{ claims: { aud: undefined } }, { claims: { aud: [] } }],
  },
  {
    id: 'wrong-issuer-name',
    says: 'It accepts a token that names another issuer, because the key is the right one.',
    severity: 'high',
    clauses: ['RFC 9068 section 4', 'RFC 8725 section 3.8'],
    remedy: 'Compare `iss` with the configured issuer: several issuers can share keys, as tenants do.',
    what: 'a token of another issuer',
    changes: ({ issuer }) => [
      { claims: { iss: 'https://another-issuer.example' } },
      { claims: { iss: `${issuer?.url}.evil.example` } },
      { claims: { iss: undefined } },
    ],
  },
  {
    id: 'expired',
    says: asSentence(holes.expired),
    severity: 'critical',
    clauses: ['RFC 7519 section 4.1.4', 'RFC 9068 section 4'],
    remedy: 'Check `exp`, with a few seconds of tolerance at most.',
    what: 'a token that expired ten minutes ago',
    changes: () => ({ claims: { iat: now() - 900, exp: now() - 600 } }),
  },
  {
    id: 'no-expiry',
    says: 'It accepts a token that never ends.',
    severity: 'high',
    clauses: ['RFC 9068 section 2.2'],
    remedy: 'Demand `exp`; most libraries check it only where it is present.',
    what: 'a token without `exp`',
    changes: () => ({ claims: { exp: undefined } }),
  },
  {
    id: 'malformed-expiry',
    says: 'It accepts a token whose end is no number.',
    severity: 'high',
    clauses: ['RFC 7519 section 4.1.4', 'RFC 8725 section 3.1'],
    remedy: 'Refuse an `exp` that is no number: a comparison with a text is never true.',
    what: 'a token whose `exp` is no number',
    changes: () => ['never', '', null, true].map((exp) => ({ claims: { exp } })),
  },
  {
    id: 'duplicate-claims',
    says: 'It reads the first of two claims of one name, where others read the last.',
    severity: 'medium',
    clauses: ['RFC 7519 section 4', 'RFC 8725 section 2.6'],
    remedy: 'Refuse a token with two claims of one name, or read the last one as JSON parsers do.',
    what: 'a token whose last `aud` or `exp` is wrong',
    changes: () => [
      { text: (claims) => claims.replace(/}$/, ',"aud":"https://another-server.example/mcp"}') },
      { text: (claims) => claims.replace(/}$/, `,"exp":${now() - 600}}`) },
    ],
  },
  {
    id: 'issued-in-the-future',
    says: 'It accepts a token that says it will be made in an hour.',
    severity: 'low',
    clauses: ['RFC 7519 section 4.1.6', 'FAPI 2.0 Security Profile section 5.3.2.1'],
    remedy: 'Refuse an `iat` that is more than a minute ahead: such a token outlives every limit on its age.',
    what: 'a token with an `iat` in an hour',
    changes: () => ({ claims: { iat: now() + 3600, exp: now() + 7200 } }),
  },
  {
    id: 'not-yet-valid',
    says: asSentence(holes['not-yet-valid']),
    severity: 'medium',
    clauses: ['RFC 7519 section 4.1.5'],
    remedy: 'Check `nbf` where it is present.',
    what: 'a token that is valid in an hour',
    changes: () => ({ claims: { nbf: now() + 3600, exp: now() + 7200 } }),
  },
  {
    id: 'id-token-as-access-token',
    says: asSentence(holes['id-token-as-access-token']),
    severity: 'high',
    clauses: ['RFC 9068 section 5', 'RFC 8725 section 3.11', 'OpenID Connect Core section 2'],
    remedy: 'Demand the header `typ: at+jwt`, and an audience that no client has.',
    what: 'an ID token for this audience',
    changes: () => ({
      header: { typ: 'JWT' },
      claims: {
        nonce: 'n-0S6_WzA2Mj',
        auth_time: now(),
        at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng',
        scope: undefined,
        client_id: undefined,
      },
    }),
  },
  {
    id: 'logout-token-as-access-token',
    says: 'It takes a JWT of another kind for an access token.',
    severity: 'medium',
    clauses: ['RFC 8725 section 3.11', 'RFC 9068 section 4'],
    remedy: 'Demand the header `typ: at+jwt`.',
    what: 'a JWT with the type of another kind',
    changes: () => [
      { header: { typ: 'logout+jwt' } },
      { header: { typ: 'dpop+jwt' } },
      { header: { typ: 'secevent+jwt' } },
    ],
  },
  {
    id: 'unknown-critical-header',
    says: 'It ignores a header extension that the token says must be understood.',
    severity: 'low',
    clauses: ['RFC 7515 section 4.1.11'],
    remedy: 'Refuse a `crit` header that names what you do not know; most libraries do by default.',
    what: 'a token with an unknown critical header',
    changes: () => ({
      header: { crit: ['urn:agent-auth-lab:unknown'], 'urn:agent-auth-lab:unknown': true },
    }),
  },
]

export const claimChecks: readonly Check[] = wrongTokens.map(({ what, changes, ...about }) => ({
  ...about,
  judgedBy,
  async run(probe) {
    const { issuer, victim, target } = probe
    if (!issuer) return needsIssuer
    const claims = target.users[victim]?.claims
    const all = [changes(probe, issuer.claimsOf(victim, claims))].flat()
    const tokens = await Promise.all(all.map((each) => issuer.mint(victim, claims, each)))
    return probe.refusesAll(tokens.map((token) => ({ presented: probe.present(token), what })))
  },
}))
