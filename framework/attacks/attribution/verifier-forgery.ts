import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { forgeAndReplay } from '../forged/forge-and-replay.ts'
import {
  embeddedKey,
  type Forgery,
  ownKey,
  publicKeyAsSecret,
  tampered,
  unsigned,
} from '../forged/forgeries.ts'
import { presentedAs, serviceCall, tokenIn } from '../lab/capture.ts'
import { actedAs } from '../lab/effect.ts'
import { hostKeys } from '../lab/hosted-keys.ts'
import { judge } from '../lab/judge.ts'
import { knowsUsers } from '../lab/victims.ts'

/** What can be made of public keys and a token that was seen. */
const forgeries: readonly Forgery[] = [publicKeyAsSecret, ownKey, embeddedKey, tampered, unsigned]

export const verifierForgery: Attack = {
  id: 'verifier-forgery',
  story:
    "Someone broke into a service, has all that it verifies credentials with, and wants to make one of alice's.",
  owasp: ['ASI03', 'MCP01'],
  judgedBy: 'a service record that names alice, for a request that the attacker sent',
  expected: '--SSBBBB',
  async run(lab) {
    const { run, exchanges } = await lab.capture('dave', 'What are my expenses?')
    if (!knowsUsers(run)) return notApplicable('no credential stands for a user here')
    const call = serviceCall(exchanges)
    const { apiKeys } = await lab.verifierMaterial()
    const hosted = await hostKeys()
    try {
      const effect = await lab.effectOf(async () => {
        for (const credentials of apiKeys.flatMap(({ key }) => presentedAs(key, call))) {
          await lab.replay(call, { credentials })
        }
        if (!tokenIn(call)) return
        for (const forge of forgeries) await forgeAndReplay(lab, call, forge, hosted)
      })
      return judge(effect, actedAs('alice', effect), 'what a service verifies with is enough to be alice')
    } finally {
      await hosted.close()
    }
  },
}
