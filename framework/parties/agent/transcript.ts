import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'

/** One run of the agent: what was asked, done and answered. */
export interface Transcript {
  readonly answer: string
  /** In the order in which the model asked for them. */
  readonly toolCalls: readonly ToolCallRecord[]
  /** The messages sent to the model. Where the pattern puts a key into the prompt, the agent's own transcript has it. */
  readonly messages: readonly ChatCompletionMessageParam[]
  /** The model's words, where it declined. */
  readonly refusal?: string
  /** True where the turns ran out before the model gave an answer. */
  readonly outOfTurns: boolean
  readonly model: string
  readonly scripted: boolean
}

export interface ToolCallRecord {
  /** As the model named it: not necessarily a tool that there is. */
  readonly tool: string
  /** As the model gave them, without `api_key`: a key is a credential and not an argument. */
  readonly args: Readonly<Record<string, unknown>>
  readonly outcome: ToolOutcome
}

/** The outcome of one tool call. */
export interface ToolOutcome {
  readonly isError: boolean
  /** The HTTP status that the call ended with: the service's, the MCP server's, or 400 where nothing left the agent. */
  readonly status: number
  /** The stable code of a failure, such as `access_denied`. */
  readonly code?: string
  /** The result, or the reason of the failure. */
  readonly text: string
}
