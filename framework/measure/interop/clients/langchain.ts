import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent } from 'langchain'
import { scriptedFetch } from '../../../parties/model/index.ts'
import { bearer, type ForeignClient } from './foreign-client.ts'

/** A LangChain agent whose tools are the MCP server's, with the scripted model in place of a real one. */
export const client: ForeignClient = {
  name: '@langchain/mcp-adapters',
  async perform({ prompt }, mcpUrl, token) {
    const servers = new MultiServerMCPClient({
      mcpServers: { lab: { transport: 'http', url: mcpUrl, headers: bearer(token) } },
    })
    try {
      const model = new ChatOpenAI({
        model: 'scripted',
        apiKey: 'none',
        configuration: { baseURL: 'http://scripted-model.invalid/v1', fetch: scriptedFetch },
      })
      const agent = createAgent({ model, tools: await servers.getTools() })
      await agent.invoke({ messages: [{ role: 'user', content: prompt }] })
    } finally {
      await servers.close()
    }
  },
}
