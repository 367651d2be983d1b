import { OpenAI } from 'openai'
import { type Model, requestLimits } from './model.ts'
import { scriptedModelName, scriptedServer } from './scripted-server.ts'

/** Answers the `openai` client in this process. A recorder may wrap it. */
export const scriptedFetch: typeof fetch = async (input, init) =>
  scriptedServer.fetch(new Request(input, init))

/**
 * The model that needs no key and no network, through the same client as a real one.
 * @param options.fetch what carries the client's requests; default: {@link scriptedFetch}
 */
export function scriptedModel(options: { readonly fetch?: typeof fetch } = {}): Model {
  const client = new OpenAI({
    ...requestLimits,
    // Every option that the client would else take from the environment of somebody's real account.
    apiKey: 'none',
    organization: null,
    project: null,
    logLevel: 'off',
    // A name that never resolves (RFC 6761 section 6.4): a request that leaves this process goes nowhere.
    baseURL: 'http://scripted-model.invalid/v1',
    fetch: options.fetch ?? scriptedFetch,
  })
  return { client, name: scriptedModelName, scripted: true }
}
