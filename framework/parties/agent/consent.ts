import { McpAuthorization, openLoopbackCallback, withQuestion } from '../oauth-client/index.ts'
import type { SignedIn } from '../sign-in/index.ts'
import type { SessionTokens } from './session-tokens.ts'

/** The way to ask a person while an agent waits. */
export interface ConsentOptions {
  /** Shows the user where to say yes or no: the short address leads to the URL. */
  tell(username: string, authorizationUrl: URL, address: string): void
  /** The time that the user has, in ms. */
  readonly timeout: number
}

/** The answer of a person who was asked and did not say yes. */
export type Unwilling = 'said no' | 'gave no answer'

/**
 * Runs a piece of work under an authorization that asks the person where a call lacks a scope, and waits for the
 * answer. What is granted holds for this work: the next begins with what the sign-in gave.
 * @param options.session the user's sign-in to the agent's app, without the scopes to ask for
 * @returns what the work gives, and the last answer of the person where that was no yes
 */
export async function askingForConsent<T>(
  options: {
    readonly mcpUrl: string
    readonly issuer: string
    readonly clientId: string
    readonly username: string
    readonly session: SessionTokens
    readonly consent: ConsentOptions
    readonly fetch: typeof fetch
  },
  work: (authorization: McpAuthorization) => Promise<T>,
): Promise<{ readonly done: T; readonly unwilling: Unwilling | undefined }> {
  const { mcpUrl, issuer, clientId, username, session, consent, fetch } = options
  const callback = await openLoopbackCallback({
    tell: (authorizationUrl, address) => consent.tell(username, authorizationUrl, address),
    timeout: consent.timeout,
  })
  let unwilling: Unwilling | undefined
  try {
    const done = await work(
      new McpAuthorization({
        mcpUrl,
        client: { redirectUri: callback.redirectUri, registered: { issuer, clientId } },
        ask: async (authorizationUrl, action) => {
          const answerBy = new Date(Date.now() + consent.timeout)
          unwilling = 'gave no answer'
          const answer = await callback.ask(withQuestion(authorizationUrl, { action, answerBy }))
          unwilling = answer.searchParams.get('error') === 'access_denied' ? 'said no' : undefined
          return answer
        },
        fetch,
        session: {
          tokens: async () => stored(await session.tokens(), issuer),
          async renewed(refused) {
            const tokens = await session.renewed(refused)
            return tokens && stored(tokens, issuer)
          },
        },
      }),
    )
    return { done, unwilling }
  } finally {
    await callback.close()
  }
}

/** Without the refresh token, which counts once: the session is renewed where it is kept. */
function stored({ accessToken, idToken, scope }: SignedIn, issuer: string) {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    id_token: idToken,
    scope: scope.join(' '),
    issuer,
  }
}
