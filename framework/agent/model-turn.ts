import { APIConnectionError, APIError } from 'openai'
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions'
import type { Model } from '../model/model.ts'
import { UserError } from '../user-error.ts'

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
    const secretsOfCall = [...secrets, client.apiKey ?? '']
    throw new UserError(conceal(modelProblem(error, name, client.baseURL), secretsOfCall), { cause: error })
  }
  const choice = completion.choices?.[0]
  if (!choice?.message) {
    throw new UserError(
      `the model ${name} at ${client.baseURL} answered without a message: check that OPENAI_BASE_URL is an OpenAI-compatible endpoint`,
    )
  }
  return choice
}

/** One line: what, why, what to do. */
function modelProblem(error: unknown, name: string, url: string): string {
  const who = `the model ${name} at ${url}`
  if (error instanceof APIConnectionError) {
    return `${who} cannot be reached (${reasonOf(error.cause ?? error)}): check OPENAI_BASE_URL and that it is running, or leave --model out for the scripted model`
  }
  if (!(error instanceof APIError) || !error.status) {
    return `${who} broke off its answer (${reasonOf(error)}): try again, or check that the endpoint speaks the OpenAI chat-completions API`
  }
  switch (error.status) {
    case 401:
    case 403:
      return `${who} refuses the API key (status ${error.status}): check OPENAI_API_KEY`
    case 404:
      return `${who} does not exist (status 404): check --model and OPENAI_BASE_URL`
    case 429:
      return `${who} is over its rate limit or quota (status 429): wait a while, or choose another with --model`
    default:
      return `${who} failed (${reasonOf(error)}): see what the endpoint says, or choose another with --model`
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replaceAll(/\s+/g, ' ').slice(0, 200)
}

function conceal(text: string, secrets: readonly string[]): string {
  return secrets.filter(Boolean).reduce((shown, secret) => shown.replaceAll(secret, '‹secret›'), text)
}
