import type { McpConnection } from '../mcp-connection.ts'
import type { ToolOutcome } from '../transcript.ts'

/** For tests: a connection that remembers what was called, and answers what it is told to. */
export function fakeConnection(options: {
  readonly withApiKey?: boolean
  readonly answer?: (tool: string, args: Readonly<Record<string, unknown>>) => ToolOutcome
}) {
  const calls: { tool: string; args: Readonly<Record<string, unknown>> }[] = []
  const key = options.withApiKey ? { api_key: { type: 'string' } } : {}
  const tool = (name: string, properties: Record<string, { type: string }>) => ({
    name,
    description: name,
    inputSchema: {
      type: 'object' as const,
      properties: { ...properties, ...key },
      required: [...Object.keys(properties), ...Object.keys(key)],
    },
  })
  const connection: McpConnection = {
    tools: [
      tool('list_expenses', {}),
      tool('submit_expense', { amount: { type: 'number' }, description: { type: 'string' } }),
      tool('approve_expense', { id: { type: 'integer' } }),
      tool('search_documents', { query: { type: 'string' } }),
      tool('set_user_role', { user: { type: 'string' }, role: { type: 'string' } }),
    ],
    async callTool(name, args) {
      calls.push({ tool: name, args })
      return options.answer?.(name, args) ?? { isError: false, status: 200, text: '{"ok":true}' }
    },
    async close() {},
  }
  return { connection, calls }
}
