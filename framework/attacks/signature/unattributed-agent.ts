import type { Attack } from '../attack.ts'
import { serviceCall } from '../capture.ts'
import { gotThrough, judge } from '../effect.ts'

export const unattributedAgent: Attack = {
  id: 'unattributed-agent',
  story:
    "Another company agent, with its own client and what any agent is given, wants to do the MCP server's work unnoticed.",
  owasp: ['ASI10', 'ASI03', 'MCP09'],
  judgedBy: 'rows that the service let out to it as if it were the MCP server',
  expected: 'SSSSSSBB',
  async run(lab) {
    const { exchanges } = await lab.capture('alice', 'What are my expenses?')
    const call = serviceCall(exchanges)
    const effect = await lab.effectOf(async () => {
      const headers = await lab.rogue.imitate(exchanges, call, 'alice')
      const { pathname, search } = new URL(call.url)
      if (headers) await lab.send('expenses', { method: call.method, path: pathname + search, headers })
    })
    return judge(effect, gotThrough(effect), 'a rogue agent was served just as the MCP server is')
  },
}
