import { randomUUID } from 'node:crypto'
import { discover } from '../../oauth-client/discovery.ts'
import { redirectUri, type TokenAnswer, tokenRequest, traceparent } from './client.ts'
import { person } from './person.ts'

/** For tests: what an application asks for, and the person who then answers in a browser. */
export interface Asked {
  /** The answer that the browser came back with. */
  readonly callback: URLSearchParams
  /** The consent pages that the person saw. */
  readonly questions: readonly string[]
  /** Turns the code into tokens. */
  redeem(): Promise<TokenAnswer & { readonly id_token?: string }>
}

export async function askFor(
  issuer: string,
  scope: string,
  who: Omit<Parameters<typeof person>[0], 'redirectUri' | 'onQuestion'>,
  more: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const client_id = 'agent-app-asking'
  const code_verifier = randomUUID() + randomUUID()
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier))
  const { authorization_endpoint } = await discover(issuer, { fetch, traceparent })
  const url = new URL(authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    scope: `openid ${scope}`,
    state: randomUUID(),
    code_challenge: Buffer.from(digest).toString('base64url'),
    code_challenge_method: 'S256',
    ...more,
  }).toString()
  const questions: string[] = []
  const callback = await person({ ...who, redirectUri, onQuestion: (html) => questions.push(html) })(url)
  return {
    callback: callback.searchParams,
    questions,
    redeem: () =>
      tokenRequest(issuer, {
        grant_type: 'authorization_code',
        client_id,
        redirect_uri: redirectUri,
        code_verifier,
        code: callback.searchParams.get('code') ?? '',
      }),
  }
}
