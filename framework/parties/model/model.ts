import type { OpenAI } from 'openai'

/** A model: anything that speaks the OpenAI chat-completions API. */
export interface Model {
  readonly client: OpenAI
  /** The name that requests carry. */
  readonly name: string
  /** True for the built-in stand-in, which every output has to say. */
  readonly scripted: boolean
}

/** The number of retries after a 429, a 5xx or a dropped connection, and the limit of each, in ms. */
export const requestLimits = { maxRetries: 2, timeout: 120_000 } as const
