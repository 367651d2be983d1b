import { type Attack, notApplicable } from '../attacker/attack.ts'
import { credentialsOf, hasCredentials } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { boundToken } from '../proof/bound-token.ts'

export const keptTokenAfterLogout: Attack = {
  id: 'kept-token-after-logout',
  story:
    'A part of the MCP server kept what it sent to a service for alice, with its key where there is one, and wants one more answer after she signed out everywhere.',
  owasp: ['ASI03', 'ASI10', 'MCP01'],
  cwe: ['CWE-613'],
  aisvs: ['10.2.3', '10.2.6'],
  judgedBy: 'rows that the service let out',
  async run(attacker) {
    const bound = await boundToken(attacker)
    const { call } = bound ?? (await attacker.captureCall('alice', 'What are my expenses?'))
    if (!hasCredentials(call)) return notApplicable('nobody is signed in here, so nobody can sign out')
    await attacker.accounts.signOut('alice')
    const credentials = bound ? await bound.credentials() : credentialsOf(call)
    const effect = await attacker.effectOf(() => attacker.replay(call, { credentials }))
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'what was made before the logout counts until it expires: no service asks if the session goes on',
    })
  },
}
