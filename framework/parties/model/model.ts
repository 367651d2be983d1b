import type { OpenAI } from 'openai'

/** What the agent thinks with: anything that speaks the OpenAI chat-completions API. */
export interface Model {
  readonly client: OpenAI
  /** The name that requests carry. */
  readonly name: string
  /** True for the built-in stand-in, which every output has to say. */
  readonly scripted: boolean
}

/** How often a request is sent again after a 429, a 5xx or a dropped connection, and how long each may take, in ms. */
export const requestLimits = { maxRetries: 2, timeout: 120_000 } as const
