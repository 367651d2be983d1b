import { type Attack, notApplicable } from '../attacker/attack.ts'
import { serviceCall, tokenIn, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { forgeAndReplay } from '../attacker/forging/forge-and-replay.ts'
import {
  embeddedKey,
  type Forgery,
  keyUrl,
  kidInjection,
  otherIssuer,
  ownKey,
  publicKeyAsSecret,
  tampered,
  unsigned,
} from '../attacker/forging/forgeries.ts'
import { holes, lured } from '../attacker/holes.ts'
import { hostKeys } from '../attacker/hosted-keys.ts'
import { judge } from '../attacker/judge.ts'

interface ForgedToken extends Pick<Attack, 'cwe'> {
  readonly id: keyof typeof holes
  /** Completes "wants one that says he is alice". */
  readonly by: string
  readonly forge: Forgery
}

/** The ways in which a forger who saw one of dave's tokens makes one that says "alice, admin". */
const forgeries: readonly ForgedToken[] = [
  { id: 'tampered-claims', cwe: ['CWE-347'], by: 'with new claims under the old signature', forge: tampered },
  { id: 'alg-none', cwe: ['CWE-347'], by: 'without a signature', forge: unsigned },
  {
    id: 'hs256-with-public-key',
    cwe: ['CWE-347'],
    by: "with the IdP's public key as an HMAC secret",
    forge: publicKeyAsSecret,
  },
  { id: 'own-key', cwe: ['CWE-347'], by: "with another key under the name of the IdP's", forge: ownKey },
  {
    id: 'other-issuer',
    cwe: ['CWE-346', 'CWE-347'],
    by: "as a token of the forger's own issuer",
    forge: otherIssuer,
  },
  {
    id: 'kid-injection',
    cwe: ['CWE-347'],
    by: 'with a `kid` that points the look-up of the key elsewhere',
    forge: kidInjection,
  },
  {
    id: 'jku-header',
    cwe: ['CWE-347', 'CWE-918'],
    by: "with a header that has the key fetched from the forger's site",
    forge: keyUrl,
  },
  { id: 'embedded-jwk', cwe: ['CWE-347'], by: 'with a header that brings the key along', forge: embeddedKey },
]

export const forgedTokenAttacks: readonly Attack[] = forgeries.map(({ id, cwe, by, forge }) => ({
  id,
  cwe,
  story: `A forger saw a token of dave's, and wants one that says he is alice: ${by}.`,
  owasp: ['ASI03', 'MCP07'],
  aisvs: ['10.2.2'],
  judgedBy: "rows that a service returned, and requests for keys that arrived at the forger's site",
  async run(attacker) {
    const { exchanges } = await attacker.capture('dave', 'What are my expenses?')
    const doors = [toolCall(exchanges), serviceCall(exchanges)].filter(tokenIn)
    if (doors.length === 0) return notApplicable('no signed token is used here, so there is none to forge')
    const hosted = await hostKeys()
    try {
      const effect = await attacker.effectOf(async () => {
        for (const door of doors) await forgeAndReplay(attacker, door, forge, hosted)
      })
      const through = gotThrough(effect)
      const how = through ? holes[id] : lured
      return judge(effect, { succeeded: through || hosted.visits.length > 0, how })
    } finally {
      await hosted.close()
    }
  },
}))
