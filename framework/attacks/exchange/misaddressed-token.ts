import type { Exchange } from '../../trace/recorder/hop.ts'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import type { Attacker } from '../attacker/attacker.ts'
import { askedIn, ownTokenRequest, serviceCall, tokenExchange, toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'
import { presentLike } from '../attacker/present.ts'
import { exchangeAndReplay } from './exchange-and-replay.ts'

export const misaddressedToken: Attack = {
  id: 'misaddressed-token',
  story:
    'Someone at the documents service was sent a token whose scope is also good for expenses, and wants to read those: only the audience says that it is not meant for them.',
  owasp: ['ASI03', 'MCP01', 'MCP02'],
  cwe: ['CWE-863'],
  aisvs: ['9.5.2'],
  judgedBy: 'rows that the expenses service returned',
  async run(attacker) {
    const { exchanges } = await attacker.capture('alice', 'What are my expenses?')
    const recorded = tokenExchange(exchanges)
    const subjectToken = frontCredentialOf(toolCall(exchanges))?.bearer
    const own = ownTokenRequest(exchanges)
    const call = serviceCall(exchanges)
    const misaddress = async () => {
      // The MCP server itself asks for too much, so its own client makes the token, and user and agent are right.
      if (recorded && subjectToken) {
        await exchangeAndReplay(attacker, attacker.stolenClient(), call, {
          subjectToken,
          audience: 'documents',
          scope: askedIn(recorded).scope,
        })
      } else if (own) {
        const scope = askedIn(own).scope.map((name) => (name === 'to-expenses' ? 'to-documents' : name))
        await presentOwn(attacker, call, scope)
      }
    }
    if (!(recorded && subjectToken) && !own) return notApplicable('no token here is made for one service')
    const effect = await attacker.effectOf(misaddress)
    return judge(effect, { succeeded: gotThrough(effect), how: holes['wrong-audience'] })
  },
}

/** The agent asks for a token of its own, in which the audience follows from a scope. */
async function presentOwn(attacker: Attacker, call: Exchange, scope: readonly string[]): Promise<void> {
  const client = attacker.stolenClient('nightly-job')
  const token = await client.ownToken(scope)
  if (token) await attacker.replay(call, { credentials: await presentLike(call, token, await client.key) })
}
