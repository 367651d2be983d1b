import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { toolCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { frontCredentialOf } from '../lab/front-hop.ts'
import { judge } from '../lab/judge.ts'

export const frontHopReplay: Attack = {
  id: 'front-hop-replay',
  story: "Someone captured a tool call on its way to the MCP server, and wants the user's rows once more.",
  owasp: ['ASI03', 'MCP01'],
  judgedBy: 'rows that the service let out',
  expected: '--SSSSSS',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const call = toolCall(exchanges)
    if (!frontCredentialOf(call)) return notApplicable('the tool call carried no credential')
    const effect = await lab.effectOf(() => lab.replay(call))
    return judge(
      effect,
      gotThrough(effect),
      'the front hop is a bearer hop: whoever holds what it carries is served',
    )
  },
}
