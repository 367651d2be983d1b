import { asSentence, holes } from '../../../attacks/attacker/holes.ts'
import type { Check } from '../check.ts'
import { noHonestToken, servesAnybody } from '../probe.ts'
import { found, foundByStatus, held, notApplicable, notTried } from '../result.ts'

/** The presence of a credential, and its place. */
export const presentingChecks: readonly Check[] = [
  {
    id: 'no-token',
    says: asSentence(holes['no-token']),
    severity: 'critical',
    clauses: ['MCP authorization 2026-07-28, access token usage', 'RFC 6750 section 3', 'MCP07'],
    judgedBy: 'the honest answer, which came back without a token',
    remedy: 'Refuse every request without a token before a handler runs.',
    run: (probe) => probe.refusesAll([{ presented: {}, what: 'a call without a token' }]),
  },
  {
    id: 'garbage-token',
    says: asSentence(holes['garbage-token']),
    severity: 'critical',
    clauses: ['RFC 6750 section 3.1'],
    judgedBy: 'the honest answer, which came back for a text that no issuer made',
    remedy: 'Verify the token; that there is one proves nothing.',
    run: (probe) =>
      probe.refusesAll(
        ['x', 'undefined', 'null', 'a.b.c', '..', 'eyJhbGciOiJub25lIn0.e30.'].map((text) => ({
          presented: probe.present(text),
          what: `the token "${text}"`,
        })),
      ),
  },
  {
    id: 'token-in-query',
    says: 'It accepts the token in the URL, where logs and histories keep it.',
    severity: 'medium',
    clauses: ['MCP authorization 2026-07-28, access token usage', 'OAuth 2.1 section 5.1', 'MCP01'],
    judgedBy: 'the honest answer to a call whose token stands in the query alone',
    remedy: 'Read the token from the Authorization header and nowhere else.',
    async run(probe) {
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      if ((await probe.call({})).kind === 'served') return servesAnybody
      const urls = ['access_token', 'token'].map((name) => {
        const url = new URL(probe.target.url)
        url.searchParams.set(name, token)
        return url.href
      })
      return probe.refusesAll(urls.map((url) => ({ presented: {}, what: 'a token in the query', url })))
    },
  },
  {
    id: 'oversized-token',
    says: 'A long token makes it fail.',
    severity: 'low',
    clauses: ['CWE-770'],
    judgedBy: 'the status of the answer to a token of 15 kB, and the honest call after it',
    remedy: 'Bound the length of the header; answer 401 or 431, and never 500.',
    async run(probe) {
      if ((await probe.tokenOf(probe.victim)) === undefined) return noHonestToken
      await probe.control()
      const { kind, how, last } = await probe.call(probe.present(`eyJ${'A'.repeat(15_000)}.e30.AA`))
      if (kind === 'served') return found(`it was served: ${how}`)
      await probe.control()
      return last.status >= 500 ? foundByStatus(`it answered ${last.status}`) : held(`refused (${how})`)
    },
  },
  {
    id: 'encoding-of-signature',
    says: 'It accepts one token in several spellings.',
    severity: 'low',
    clauses: ['RFC 7515 section 2', 'RFC 4648 section 3.5'],
    judgedBy: 'the honest answer to a token whose signature is padded, or ends with bits that mean nothing',
    remedy: 'Where you look tokens up by their text (revoked ones, a cache), use the bytes or `jti` instead.',
    async run(probe) {
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      const spellings = spellingsOf(token)
      if (spellings.length === 0) return notTried('the token has one spelling alone')
      return probe.refusesAll(
        spellings.map(([what, spelling]) => ({ presented: probe.present(spelling), what })),
      )
    },
  },
  {
    id: 'token-in-refusal',
    says: 'Its refusals repeat the token.',
    severity: 'medium',
    clauses: ['CWE-209', 'MCP01'],
    judgedBy: 'the body and the headers of a refusal, in which the token stands',
    remedy: 'Say in a refusal what is wrong with the token, and never the token.',
    async run(probe) {
      const token = await probe.tokenOf(probe.victim)
      if (token === undefined) return noHonestToken
      await probe.control()
      const wrong = `${token.slice(0, -8)}AAAAAAAA`
      const { kind, how, last } = await probe.call(probe.present(wrong))
      if (kind === 'served') return notApplicable('it does not refuse the token; see tampered-claims')
      const said = [...last.headers].flat().join('\n') + last.body
      return said.includes(wrong) ? found('the refusal repeats the whole token') : held(`not in it (${how})`)
    },
  },
]

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Other texts for the same bytes of a signature: each with the words for it. */
function spellingsOf(token: string): (readonly [what: string, spelling: string])[] {
  const [, , signature = ''] = token.split('.')
  const rest = signature.length % 4
  const last = alphabet.indexOf(signature.at(-1) ?? '')
  // Four and two bits of the last character mean nothing, for a rest of two and three.
  if (last < 0 || rest < 2) return []
  return [
    ['a token with padding', `${token}${'='.repeat(4 - rest)}`],
    [
      'a token whose last character differs in bits that mean nothing',
      `${token.slice(0, -1)}${alphabet[last ^ 1]}`,
    ],
  ]
}
