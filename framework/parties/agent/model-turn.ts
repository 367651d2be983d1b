import { APIConnectionError, APIError } from 'openai'
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions'
import { UserError } from '../../process/user-error.ts'
import type { Model } from '../model/model.ts'
import { reasonOf } from './reason-of.ts'

export interface TurnOptions {
  readonly traceparent: string
  readonly stream: boolean
  /** Never to be repeated in an error, though a model endpoint may quote them. */
  readonly secrets: readonly string[]
}

/**
 * Asks the model once and waits for its whole answer. Retries are the client's.
 * @throws {UserError} with the endpoint and the remedy, where there is no usable answer
 */
export async function askModel(
  { client, name }: Model,
  request: Pick<ChatCompletionCreateParamsNonStreaming, 'messages' | 'tools'>,
  { traceparent, stream, secrets }: TurnOptions,
): Promise<ChatCompletion.Choice> {
  const body = { ...request, model: name }
  const options = { headers: { traceparent } }
  let completion: ChatCompletion
  try {
    completion = stream
      ? await client.chat.completions.stream(body, options).finalChatCompletion()
      : await client.chat.completions.create(body, options)
  } catch (error) {
    const hidden = [...secrets, client.apiKey ?? '']
    throw new UserError(`the model ${name} at ${client.baseURL} ${problem(error, hidden)}`, { cause: error })
  }
  const choice = completion.choices?.[0]
  if (!choice?.message) {
    throw new UserError(
      `the model ${name} at ${client.baseURL} answered without a message: check that OPENAI_BASE_URL is an OpenAI-compatible endpoint`,
    )
  }
  return choice
}

/** An answer that began and did not end: cut off, too slow or too long. The client takes it for no connection. */
function isBrokenOff(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    (cause.message === 'terminated' || /^(TimeoutError|RangeError)$/.test(cause.name))
  )
}

/** The rest of the line: what happened, why, and what to do. */
function problem(error: unknown, secrets: readonly string[]): string {
  if (error instanceof APIConnectionError && !isBrokenOff(error.cause)) {
    const reason = reasonOf(error.cause ?? error, secrets)
    return `cannot be reached (${reason}): check OPENAI_BASE_URL and that it is running, or leave --model out for the scripted model`
  }
  const reason = reasonOf((error as Error).cause ?? error, secrets)
  if (!(error instanceof APIError) || !error.status) {
    return `broke off its answer (${reason}): try again, or check that the endpoint speaks the OpenAI chat-completions API`
  }
  switch (error.status) {
    case 401:
    case 403:
      return `refuses the API key (status ${error.status}): check OPENAI_API_KEY`
    case 404:
      return 'does not exist (status 404): check --model and OPENAI_BASE_URL'
    case 429:
      return 'is over its rate limit or quota (status 429): wait a while, or choose another with --model'
    default:
      return `failed (${reason}): see what the endpoint says, or choose another with --model`
  }
}
