import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { createMcpEndpoint } from '../../mcp/endpoint.ts'
import { text } from './content.ts'
import { registerContentTools, registerSchemaTools } from './content-tools.ts'
import { registerInputTools, requestState } from './input-tools.ts'
import { registerPrompts, registerResources } from './resources-and-prompts.ts'

/**
 * For tests: the MCP endpoint that all patterns share, with the tools, resources and prompts that the official
 * conformance suite calls in place of the lab's own.
 */
export function createFixtureServer(): { fetch(request: Request): Promise<Response> } {
  const { app, mcp } = createMcpEndpoint(() => {
    const server = new McpServer(
      { name: 'agent-auth-lab-fixtures', version: '0.1.0' },
      {
        capabilities: {
          tools: { listChanged: true },
          resources: { subscribe: true },
          prompts: { listChanged: true },
          logging: {},
          completions: {},
        },
        requestState: { verify: requestState.verify },
      },
    )
    registerContentTools(server)
    registerSchemaTools(server)
    registerInputTools(server)
    registerResources(server)
    registerPrompts(server)
    const changes = {
      test_trigger_tool_change: () => mcp.notify.toolsChanged(),
      test_trigger_prompt_change: () => mcp.notify.promptsChanged(),
    }
    for (const [name, publish] of Object.entries(changes)) {
      server.registerTool(name, { description: name, inputSchema: z.strictObject({}) }, async () => {
        publish()
        return { content: [text('Published.')] }
      })
    }
    server.server.setRequestHandler('logging/setLevel', async () => ({}))
    server.server.setRequestHandler('completion/complete', async () => ({ completion: { values: [] } }))
    return server
  })
  app.all('/mcp', (c) => mcp.fetch(c.req.raw))
  return { fetch: async (request) => app.fetch(request) }
}
