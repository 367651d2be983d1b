import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { Model } from '../model/model.ts'
import { connectMcp, type McpConnection, type McpConnectionOptions } from './mcp-connection.ts'
import { askModel } from './model-turn.ts'
import { systemPrompt } from './system-prompt.ts'
import { type CallCredential, carryOut, toolsForModel } from './tool-calls.ts'
import type { ToolCallRecord, Transcript } from './transcript.ts'

export type { Transcript } from './transcript.ts'

export interface ConversationOptions extends CallCredential {
  /** The user's prompt. */
  readonly prompt: string
  readonly model: Model
  /** W3C Trace Context header value; every request of the run carries it. */
  readonly traceparent: string
  /** Streams the model's answers. Default: no. */
  readonly stream?: boolean
  /** The greatest number of requests to the model: a text that it reads cannot keep it busy for ever. Default: 8. */
  readonly maxTurns?: number
}

export interface RunAgentOptions extends ConversationOptions, McpConnectionOptions {}

/**
 * Lets the agent work on one prompt: connects to the MCP server, and lets the model call tools until it answers.
 * The access token goes onto the transport where `credential` is `bearer`, and nowhere else.
 * @throws {AuthError} where the MCP server refuses the connection itself; refused tool calls are in the transcript
 * @throws {UserError} where the model or the MCP server cannot be reached
 */
export async function runAgent(options: RunAgentOptions): Promise<Transcript> {
  const { mcpUrl, traceparent, fetch, credential } = options
  const token = credential === 'bearer' && {
    accessToken: options.accessToken,
    session: options.session,
    authorization: options.authorization,
  }
  const connection = await connectMcp({ mcpUrl, ...token, traceparent, fetch })
  try {
    return await converse(connection, options)
  } finally {
    await connection.close()
  }
}

/**
 * The chat-completions loop: ask the model, carry out the tool calls that it wants, tell it the results.
 * @throws {UserError} where the model gives no usable answer
 */
export async function converse(connection: McpConnection, options: ConversationOptions): Promise<Transcript> {
  const { prompt, model, traceparent, credential, apiKey, stream = false, maxTurns = 8 } = options
  const tools = toolsForModel(connection.tools, options)
  const toolCalls: ToolCallRecord[] = []
  const messages: ChatCompletionMessageParam[] = [
    { role: 'system', content: systemPrompt(credential === 'prompt' ? apiKey : undefined) },
    { role: 'user', content: prompt },
  ]
  const done = (end: Pick<Transcript, 'answer' | 'refusal' | 'outOfTurns'>): Transcript => {
    return { ...end, toolCalls, messages, model: model.name, scripted: model.scripted }
  }

  for (let turn = 1; ; turn++) {
    const { message, finish_reason } = await askModel(
      model,
      { messages, ...(tools.length > 0 && { tools }) },
      { traceparent, stream, secrets: apiKey ? [apiKey] : [] },
    )
    if (message.refusal) {
      return done({ answer: message.refusal, refusal: message.refusal, outOfTurns: false })
    }
    const wanted = message.tool_calls ?? []
    if (wanted.length === 0) {
      return done({ answer: message.content || `(no answer: ${finish_reason})`, outOfTurns: false })
    }
    // The model would never learn what came of these calls: they are not made.
    if (turn >= maxTurns) return done({ answer: `(no answer after ${turn} turns)`, outOfTurns: true })

    messages.push({ role: 'assistant', content: message.content, tool_calls: wanted })
    const records = await Promise.all(wanted.map((call) => carryOut(call, connection, options)))
    for (const [index, record] of records.entries()) {
      toolCalls.push(record)
      messages.push({ role: 'tool', tool_call_id: wanted[index]?.id ?? '', content: textForModel(record) })
    }
  }
}

/** The tool message for the model. A failure says that it is one: the API has no other place for that. */
function textForModel({ outcome }: ToolCallRecord): string {
  return outcome.isError ? `Error ${outcome.status} ${outcome.code}: ${outcome.text}` : outcome.text
}
