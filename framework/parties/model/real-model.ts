import { boundedFetch } from '@lab/contract'
import { OpenAI } from 'openai'
import type { Environment } from '../../process/environment.ts'
import { UserError } from '../../process/user-error.ts'
import { type Model, requestLimits } from './model.ts'

/** Stands for a key where an endpoint wants none. */
export const noKey = 'none'

/** No answer of a model comes near it. In bytes. */
const maxAnswer = 16 * 1024 * 1024

export interface OpenAiModelOptions {
  /** Default: `OPENAI_MODEL`. */
  readonly model?: string | undefined
  /** The environment with `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL`: `process.env`, or one for a test. */
  readonly env: Environment
  /** The `fetch` that carries the client's requests. Default: the platform's. */
  readonly fetch?: typeof fetch
}

/**
 * A model at OpenAI, or at any other endpoint that speaks its chat-completions API.
 * @throws {UserError} where the environment does not say which model, where, or with which key
 */
export function openAiModel({ env, fetch = globalThis.fetch, ...options }: OpenAiModelOptions): Model {
  const name = options.model || env.OPENAI_MODEL
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = env
  if (!name) {
    throw new UserError('no model is named: use --model <name> or set OPENAI_MODEL')
  }
  if (!apiKey && !baseURL) {
    throw new UserError(
      `${name} needs a key or an endpoint: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or leave --model out for the scripted model`,
    )
  }
  if (baseURL && !isUsable(baseURL)) {
    throw new UserError(
      'OPENAI_BASE_URL is not an http(s) URL without credentials: set it to something like http://127.0.0.1:11434/v1',
    )
  }
  const client = new OpenAI({
    ...requestLimits,
    // Local servers mostly want no key, but the client wants one.
    apiKey: apiKey || noKey,
    baseURL: baseURL || 'https://api.openai.com/v1',
    // At its debug level the client prints whole requests, and with p03 the user's key is in them.
    logLevel: 'off',
    // The client's own limit ends with the headers, and prompts may hold a user's key: they go to this endpoint alone.
    fetch: boundedFetch(fetch, { timeout: requestLimits.timeout, maxSize: maxAnswer }),
  })
  return { client, name, scripted: false }
}

/** A password in the URL would be repeated in every error that names the endpoint; `fetch` refuses it anyway. */
function isUsable(baseURL: string): boolean {
  if (!URL.canParse(baseURL)) return false
  const { protocol, username, password } = new URL(baseURL)
  return /^https?:$/.test(protocol) && !username && !password
}
