import type { Exchange } from '../../trace/recorder/hop.ts'
import type { Attack } from '../attacker/attack.ts'
import type { Attacker } from '../attacker/attacker.ts'
import { askedIn, credentialsOf, proofIn, tokenExchange, tokenIn } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { presentLike } from '../attacker/present.ts'

export const unattributedAgent: Attack = {
  id: 'unattributed-agent',
  story:
    "Another company agent, with its own client and what any agent is given, wants to do the MCP server's work unnoticed.",
  owasp: ['ASI10', 'ASI03', 'MCP08'],
  cwe: ['CWE-778'],
  aisvs: ['9.4.1', '9.4.2'],
  judgedBy: 'rows that the service returned to it as if it were the MCP server',
  async run(attacker) {
    const { call, exchanges } = await attacker.captureCall('alice', 'What are my expenses?')
    const effect = await attacker.effectOf(async () => {
      const credentials = await imitate(attacker, exchanges, call)
      if (credentials) await attacker.replay(call, { credentials })
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'a rogue agent was served just as the MCP server is',
    })
  },
}

/**
 * Credentials as the MCP server made them for a recorded call, made by the rogue in its own name: with the key that
 * the pattern gives to any agent, or with the token that the user gave to it by signing in.
 * @returns undefined where the IdP gives it none
 */
async function imitate(attacker: Attacker, recorded: readonly Exchange[], call: Exchange) {
  if (!tokenIn(call)) return credentialsOf(call)
  const { accessToken } = await attacker.rogue.signIn('alice')
  const exchange = tokenExchange(recorded)
  const token = exchange ? await exchangeLike(attacker, exchange, call, accessToken) : accessToken
  return token && presentLike(call, token, await attacker.rogue.key)
}

/** First as recorded, then without the scope that names the agent: one of the two may be granted. */
async function exchangeLike(attacker: Attacker, recorded: Exchange, call: Exchange, subjectToken: string) {
  const { audience, scope: recordedScope } = askedIn(recorded)
  const asked = [...recordedScope, `to-${audience ?? call.to}`]
  const bound = proofIn(call) !== undefined
  for (const scope of [asked, asked.filter((each) => !each.startsWith('act-'))]) {
    const token = await attacker.rogue.exchange({ subjectToken, audience, scope, bound })
    if (token) return token
  }
  return undefined
}
