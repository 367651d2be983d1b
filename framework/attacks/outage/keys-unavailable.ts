import { setTimeout as sleep } from 'node:timers/promises'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import { serviceCall, tokenIn, toolCall } from '../attacker/capture.ts'
import { type Effect, gotThrough } from '../attacker/effect.ts'
import { forgeAndReplay } from '../attacker/forging/forge-and-replay.ts'
import { unknownKey } from '../attacker/forging/forgeries.ts'
import { holes } from '../attacker/holes.ts'
import { hostKeys } from '../attacker/hosted-keys.ts'
import { evidenceOf, judge, statusOf } from '../attacker/judge.ts'

/** A verifier fetches keys for an unknown `kid`, but not twice in a moment: so many times it is asked, a second apart. */
const attempts = 5

export const keysUnavailable: Attack = {
  id: 'keys-unavailable',
  story:
    'Someone keeps services and MCP server from reaching the IdP, and wants a forged token served while its keys are unavailable.',
  owasp: ['ASI03', 'MCP07'],
  cwe: ['CWE-636'],
  aisvs: ['10.2.2'],
  judgedBy: 'rows that a service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('dave', 'What are my expenses?')
    const doors = [toolCall(exchanges), serviceCall(exchanges)].filter(tokenIn)
    if (doors.length === 0) return notApplicable('nothing here is verified by keys of the IdP')
    const hosted = await hostKeys()
    try {
      for (let attempt = 1; ; attempt++) {
        let lost = 0
        const effect = await attacker.effectOf(async () => {
          lost = await attacker.withoutIdp(async () => {
            for (const door of doors) await forgeAndReplay(attacker, door, unknownKey, hosted)
          })
        })
        const succeeded = gotThrough(effect)
        if (!succeeded && lost > 0 && allUnserved(effect)) {
          const reason = 'without the keys nothing is verified, and nothing is served'
          return { outcome: 'blocked', reason, evidence: evidenceOf(effect) }
        }
        if (succeeded || attempt === attempts)
          return judge(effect, { succeeded, how: holes['keys-unavailable'] })
        await sleep(1000)
      }
    } finally {
      await hosted.close()
    }
  },
}

/** Here an outage is what the attacker made: 503 is the right answer to it, and no flaw of the attack. */
function allUnserved({ sent }: Effect): boolean {
  return sent.filter(({ to }) => to !== 'idp').every((hop) => [401, 503].includes(statusOf(hop)))
}
