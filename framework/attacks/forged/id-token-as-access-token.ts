import { type Attack, notApplicable } from '../attacker/attack.ts'
import { serviceCall, tokenIn, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'
import { presentLike } from '../attacker/present.ts'

export const idTokenAsAccessToken: Attack = {
  id: 'id-token-as-access-token',
  story:
    "Someone found alice's ID token, which the IdP really signed and apps pass around freely, and wants it to open what an access token opens.",
  owasp: ['ASI03', 'MCP07'],
  cwe: ['CWE-358'],
  aisvs: ['10.2.2'],
  judgedBy: 'rows that a service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const doors = [toolCall(exchanges), serviceCall(exchanges)].filter(tokenIn)
    if (doors.length === 0) return notApplicable('no token is used here')
    const { idToken } = await attacker.accounts.signIn('alice')
    const key = await attacker.rogue.key
    const effect = await attacker.effectOf(async () => {
      for (const door of doors) {
        await attacker.replay(door, { credentials: await presentLike(door, idToken, key) })
      }
    })
    return judge(effect, { succeeded: gotThrough(effect), how: holes['id-token-as-access-token'] })
  },
}
