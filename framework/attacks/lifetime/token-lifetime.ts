import { decodeJwt } from 'jose'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import { tokenIn } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'

/** Well outside of, and well inside of, the 30 seconds that honest clocks may differ by. In seconds. */
const outside = 90
const inside = 10

/** Replays of a token at the edges of its life. */
interface TokenLifetime extends Pick<Attack, 'id' | 'story' | 'cwe'> {
  readonly how: string
  /** The time to move the services' clock to, given the token's `iat` and `exp`. All in seconds. */
  readonly at: (token: { readonly iat: number; readonly exp: number }) => number
}

const lifetimes: readonly TokenLifetime[] = [
  {
    id: 'expired-token',
    cwe: ['CWE-613'],
    story: 'Someone captured a request, and wants its answer after the token has expired.',
    how: holes.expired,
    at: ({ exp }) => exp + outside,
  },
  {
    id: 'expired-within-skew',
    cwe: ['CWE-613'],
    story:
      'Someone captured a request, and wants its answer in the seconds of tolerance after the token has expired.',
    how: 'whoever could replay a token has a few seconds more than it says',
    at: ({ exp }) => exp + inside,
  },
  {
    id: 'future-token',
    cwe: ['CWE-358'],
    story:
      'Someone captured a request, and wants it to be served by a service at whose clock the token is not issued yet.',
    how: holes['not-yet-valid'],
    at: ({ iat }) => iat - outside,
  },
  {
    id: 'future-within-skew',
    cwe: ['CWE-358'],
    story:
      "Someone captured a request, and wants it to be served by a service whose clock is a few seconds behind the IdP's.",
    how: 'whoever could replay a token can do so where clocks differ a little',
    at: ({ iat }) => iat - inside,
  },
]

export const tokenLifetimeAttacks: readonly Attack[] = lifetimes.map(({ at, how, ...lifetime }) => ({
  ...lifetime,
  owasp: ['ASI03', 'MCP01'],
  aisvs: ['10.2.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    const token = tokenIn(call)
    if (!token) return notApplicable('no credential here says how long it counts')
    const { iat = 0, exp = 0 } = decodeJwt(token)
    attacker.advanceServices(at({ iat, exp }) * 1000 - Date.now())
    const effect = await attacker.effectOf(() => attacker.replay(call))
    return judge(effect, { succeeded: gotThrough(effect), how })
  },
}))
