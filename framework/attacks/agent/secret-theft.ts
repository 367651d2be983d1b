import type { Exchange } from '../../trace/recorder/hop.ts'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import type { Attacker } from '../attacker/attacker.ts'
import { carriersOf, credentialsOf, secretsOf, serviceCall, tokenIn } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { presentLike } from '../attacker/present.ts'

export const secretTheft: Attack = {
  id: 'secret-theft',
  story:
    'Someone has a log of all that the MCP server sent, to the IdP and to the services, and wants to be the agent from elsewhere, by what the agent proves itself with.',
  owasp: ['ASI03', 'MCP01'],
  cwe: ['CWE-522', 'CWE-294'],
  aisvs: ['9.4.1', '9.4.3'],
  judgedBy: 'rows that the service returned to a request with a credential that the thief made or kept',
  async run(attacker) {
    const { call, exchanges } = await attacker.captureCall('alice', 'What are my expenses?')
    const asked = exchanges.findLast(
      ({ from, to, method }) => from === 'mcp-server' && to === 'idp' && method === 'POST',
    )
    const kept = asked ? [] : await secretsOfServer(attacker, call)
    if (!asked && kept.length === 0) return notApplicable('the MCP server keeps no secret of its own')
    const effect = await attacker.effectOf(async () => {
      if (asked) await askAgain(attacker, asked, call)
      else await attacker.replay(call, { path: '/expenses?owner=bob' })
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'what proves the agent was copied, and made the thief the agent',
    })
  },
}

/** The secrets that are the same whoever asks: those are the MCP server's own. A token is made anew, and is none. */
async function secretsOfServer(attacker: Attacker, call: Exchange): Promise<string[]> {
  if (tokenIn(call)) return []
  const others = secretsOf(serviceCall((await attacker.capture('bob', 'What are my expenses?')).exchanges))
  return secretsOf(call).filter((secret) => others.includes(secret))
}

/** Sends the token request once more as it was recorded, with a key of the thief's where a proof was in it. */
async function askAgain(attacker: Attacker, asked: Exchange, call: Exchange): Promise<void> {
  const key = await attacker.rogue.key
  const { method, url, requestBody: body } = asked
  const { dpop, ...credentials } = credentialsOf(asked)
  const { traceparent: _, ...carriers } = carriersOf(asked)
  const response = await attacker.fetch(url, {
    method,
    headers: {
      ...carriers,
      'content-type': 'application/x-www-form-urlencoded',
      ...credentials,
      ...(dpop && { dpop: await key.proof({ method, url }) }),
    },
    body,
  })
  const { access_token: token } = (await response.json()) as { access_token?: string }
  if (token) await attacker.replay(call, { credentials: await presentLike(call, token, key) })
}
