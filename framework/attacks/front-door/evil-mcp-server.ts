import { scopes } from '@lab/contract'
import { type Attack, notApplicable } from '../attacker/attack.ts'
import { toolCall } from '../attacker/capture.ts'
import { gotThrough } from '../attacker/effect.ts'
import { frontCredentialOf } from '../attacker/front-hop.ts'
import { judge } from '../attacker/judge.ts'

/** The address of the other MCP server: what a client names as `resource` when it signs in for it. */
const evilResource = 'https://mcp.attacker.example/mcp'

export const evilMcpServer: Attack = {
  id: 'evil-mcp-server',
  story:
    "Another MCP server names the company's IdP as its own, so that alice's app signs her in for it, and wants to use the token that it is sent at the real MCP server (RFC 8707 is there to prevent it).",
  owasp: ['ASI03', 'ASI07', 'MCP01'],
  cwe: ['CWE-923'],
  aisvs: ['10.1.2', '10.2.2'],
  judgedBy: 'rows that a service let out',
  async run(attacker) {
    const { exchanges } = await attacker.captureCall('alice', 'What are my expenses?')
    if (!frontCredentialOf(toolCall(exchanges))?.bearer) return notApplicable('the MCP server takes no token')
    const effect = await attacker.effectOf(async () => {
      const bearer = await attacker.appOfVictim().tokenFor('alice', scopes, evilResource)
      if (bearer) await attacker.callTool('list_expenses', { bearer })
    })
    return judge(effect, {
      succeeded: gotThrough(effect),
      how: 'the IdP ignores which resource a token is asked for, so it is good for another MCP server',
    })
  },
}
