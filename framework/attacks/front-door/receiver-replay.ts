import type { Attack } from '../attack.ts'
import { notApplicable } from '../attack.ts'
import { hasCredentials, secretsOf, serviceCall } from '../lab/capture.ts'
import { gotThrough } from '../lab/effect.ts'
import { judge } from '../lab/judge.ts'

export const receiverReplay: Attack = {
  id: 'receiver-replay',
  story:
    'A compromised service received a request, and wants to use what came with it at the MCP server, for every other tool.',
  owasp: ['ASI03', 'ASI07', 'MCP01'],
  judgedBy: 'rows that a service let out',
  expected: '--SSSBBB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const call = serviceCall(exchanges)
    if (!hasCredentials(call)) return notApplicable('the service received no credential')
    const anonymous = await lab.effectOf(() => lab.callTool('list_expenses'))
    if (gotThrough(anonymous)) return notApplicable('the MCP server asks for no credential, so none helps')
    const effect = await lab.effectOf(async () => {
      for (const secret of secretsOf(call)) {
        await lab.callTool('list_expenses', { bearer: secret, apiKey: secret })
      }
    })
    return judge(
      effect,
      gotThrough(effect),
      'what a service receives is good for the MCP server, and so for all services',
    )
  },
}
