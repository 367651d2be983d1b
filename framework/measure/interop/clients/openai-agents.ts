import {
  Agent,
  MCPServerStreamableHttp,
  OpenAIChatCompletionsModel,
  run,
  setTracingDisabled,
} from '@openai/agents'
import { scriptedModel } from '../../../parties/model/index.ts'
import { bearer, type ForeignClient } from './foreign-client.ts'

// Its traces would go to an account of somebody's.
setTracingDisabled(true)

/** OpenAI's Agents SDK, with the scripted model in place of a real one: its own loop, its own MCP client. */
export const client: ForeignClient = {
  name: '@openai/agents',
  async perform({ prompt }, mcpUrl, token) {
    const server = new MCPServerStreamableHttp({ url: mcpUrl, requestInit: { headers: bearer(token) } })
    await server.connect()
    try {
      const scripted = scriptedModel()
      // The two packages carry different versions of the `openai` client; what is called of it is the same.
      const model = new OpenAIChatCompletionsModel(scripted.client as never, scripted.name)
      await run(new Agent({ name: 'assistant', model, mcpServers: [server] }), prompt)
    } finally {
      await server.close()
    }
  },
}
