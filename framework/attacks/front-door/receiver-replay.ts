import { type Attack, notApplicable } from '../attacker/attack.ts'
import { hasCredentials, secretsOf } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'

export const receiverReplay: Attack = {
  id: 'receiver-replay',
  story:
    'A compromised service received a request, and wants to use what came with it at the MCP server, for every other tool.',
  owasp: ['ASI03', 'ASI07', 'MCP01'],
  cwe: ['CWE-294', 'CWE-863'],
  aisvs: ['10.2.2'],
  judgedBy: 'rows that a service returned',
  async run(attacker) {
    const { call } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!hasCredentials(call)) return notApplicable('the service received no credential')
    const anonymous = await attacker.effectOf(() => attacker.callTool('list_expenses'))
    if (gotThrough(anonymous)) return notApplicable('the MCP server asks for no credential, so none helps')
    const effect = await attacker.effectOf(async () => {
      for (const secret of secretsOf(call)) {
        await attacker.callTool('list_expenses', { bearer: secret, apiKey: secret })
      }
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'what a service receives is good for the MCP server, and so for all services',
    })
  },
}
