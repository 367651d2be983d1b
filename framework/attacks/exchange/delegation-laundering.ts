import { type Attack, notApplicable } from '../attacker/attack.ts'
import { askedIn, tokenExchange, tokenIn, toolCall } from '../attacker/capture.ts'
import { allowed } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const delegationLaundering: Attack = {
  id: 'delegation-laundering',
  story:
    'The MCP server holds tokens of alice, and wants its work to look like hers alone: it exchanges one of them, a delegated one too, and leaves out the scope that names the agent.',
  owasp: ['ASI03', 'ASI10', 'MCP08'],
  cwe: ['CWE-778'],
  aisvs: ['9.4.2'],
  judgedBy: 'a service record that names alice and no agent, for what the agent did',
  async run(attacker) {
    const { call, exchanges } = await attacker.captureCall('alice', 'What are my expenses?')
    const recorded = tokenExchange(exchanges)
    const [delegated, session] = [tokenIn(call), frontCredentialOf(toolCall(exchanges))?.bearer]
    if (!recorded || !delegated || !session)
      return notApplicable('no token is exchanged here, so none is made to name an agent')
    const asked = askedIn(recorded)
    const scope = asked.scope.filter((name) => !name.startsWith('act-'))
    const client = attacker.stolenClient()
    const effect = await attacker.effectOf(async () => {
      for (const subjectToken of [delegated, session]) {
        await exchangeAndReplay(attacker, client, call, { ...asked, subjectToken, scope })
      }
    })
    const served = allowed(effect.records)
    const isUnnamed = served.some(({ user, actors = [] }) => user === 'alice' && actors.length === 0)
    return judge(effect, {
      succeeded: isUnnamed,
      how: 'the agent was served, and the record names alice and no agent',
      otherwise: served.length > 0 ? 'what the agent did does not look like hers alone' : undefined,
    })
  },
}
