import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { serviceCall, tokenIn, toolCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'
import { presentLike } from '../lab/present.ts'

export const idTokenAsAccessToken: Attack = {
  id: 'id-token-as-access-token',
  story:
    "Someone found alice's ID token, which the IdP really signed and apps pass around freely, and wants it to open what an access token opens.",
  owasp: ['ASI03', 'MCP07'],
  judgedBy: 'rows that a service let out',
  expected: '----BBBB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const doors = [toolCall(exchanges), serviceCall(exchanges)].filter(tokenIn)
    if (doors.length === 0) return notApplicable('no token is used here')
    const { idToken } = await lab.accounts.signIn('alice')
    const key = await lab.rogue.key
    const effect = await lab.effectOf(async () => {
      for (const door of doors) {
        await lab.replay(door, { credentials: await presentLike(door, idToken, key) })
      }
    })
    return judge(effect, gotThrough(effect), 'an ID token was taken for an access token')
  },
}
