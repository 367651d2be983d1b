import type { AuthHandler } from '@lab/contract'
import type {
  ChatCompletionFunctionTool,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions'
import type { McpConnection, McpTool } from './mcp-connection.ts'
import type { ToolCallRecord, ToolOutcome } from './transcript.ts'

/** The argument that carries the user's key, where the pattern's `credential` is `prompt` or `argument`. */
const apiKeyArgument = 'api_key'

/** The user's credential on a tool call: the host's part of a pattern. */
export interface CallCredential {
  readonly credential?: AuthHandler['credential'] | undefined
  /** The user's own key. */
  readonly apiKey?: string | undefined
}

/** The tools as the model sees them. Where the host supplies the key, the model does not learn that there is one. */
export function toolsForModel(
  tools: readonly McpTool[],
  { credential }: CallCredential,
): ChatCompletionFunctionTool[] {
  return tools.map(({ name, description = '', inputSchema }) => ({
    type: 'function',
    function: {
      name,
      description,
      parameters: credential === 'argument' ? withoutApiKey(inputSchema) : inputSchema,
    },
  }))
}

/** Carries out one tool call of the model. Whatever is wrong with it becomes an outcome that the model can react to. */
export async function carryOut(
  call: ChatCompletionMessageToolCall,
  connection: McpConnection,
  { credential, apiKey }: CallCredential,
): Promise<ToolCallRecord> {
  if (!('function' in call)) {
    return { tool: call.type, args: {}, outcome: mistake('only function tools can be called here') }
  }
  const tool = call.function.name
  const parsed = parseArguments(call.function.arguments)
  if (!parsed) return { tool, args: {}, outcome: mistake('the arguments are not a JSON object') }
  const { [apiKeyArgument]: relayedKey, ...args } = parsed

  if (!connection.tools.some(({ name }) => name === tool)) {
    const names = connection.tools.map(({ name }) => name).join(', ')
    return { tool, args, outcome: mistake(`there is no tool ${tool}: choose one of ${names}`) }
  }
  // With `argument` the model has no say in whose key is used: what it supplied is not even looked at.
  const key = credential === 'argument' ? apiKey : relayedKey
  const outcome = await connection.callTool(
    tool,
    key === undefined ? args : { ...args, [apiKeyArgument]: key },
  )
  return { tool, args, outcome }
}

function withoutApiKey(schema: McpTool['inputSchema']): McpTool['inputSchema'] {
  const { [apiKeyArgument]: _key, ...properties } = schema.properties ?? {}
  return {
    ...schema,
    properties,
    ...(schema.required && { required: schema.required.filter((name) => name !== apiKeyArgument) }),
  }
}

function parseArguments(json: string): Record<string, unknown> | undefined {
  try {
    // Some models send nothing at all for a tool without arguments.
    const value: unknown = JSON.parse(json || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** A mistake of the model's: nothing left the agent. */
function mistake(text: string): ToolOutcome {
  return { isError: true, status: 400, code: 'invalid_request', text }
}
