import { randomBytes } from 'node:crypto'
import { AuthError } from '@lab/contract'
import { listen } from '@lab/services'

/** The redirect target of a person's browser: a port of this machine, as long as it is needed (RFC 8252 section 7.3). */
export interface LoopbackCallback {
  readonly redirectUri: string
  /**
   * Tells the person where to go, and waits for the browser to come back.
   * @throws {AuthError} `interaction_required` where it does not come in time, with the address
   */
  ask(authorizationUrl: URL): Promise<URL>
  close(): Promise<void>
}

/**
 * Opens the port.
 * @param options.tell shows the person where to go
 * @param options.timeout how long a person has, in ms
 */
export async function openLoopbackCallback(options: {
  /** @param address a short one of this port, which leads there: an authorization URL fills four lines */
  readonly tell: (authorizationUrl: URL, address: string) => void
  readonly timeout: number
}): Promise<LoopbackCallback> {
  const listener = await listen()
  const waiting = new Map<string, (callback: URL) => void>()
  /** By a path that nobody can guess: whoever knows an authorization URL knows its `state`. */
  const questions = new Map<string, URL>()
  listener.serve((request) => {
    const url = new URL(request.url)
    const question = questions.get(url.pathname)
    if (question) {
      const headers = {
        location: question.href,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      }
      return new Response(null, { status: 302, headers })
    }
    const state = url.searchParams.get('state') ?? ''
    const resolve = url.pathname === '/callback' ? waiting.get(state) : undefined
    // An answer to no question: an old tab, or somebody who guesses.
    if (!resolve) return new Response('Nobody is waiting for this.\n', { status: 404 })
    resolve(url)
    return new Response('Thank you. The agent goes on; this page can be closed.\n')
  })
  return {
    redirectUri: `${listener.url}/callback`,
    async ask(authorizationUrl) {
      const state = authorizationUrl.searchParams.get('state') ?? ''
      const path = `/${randomBytes(9).toString('base64url')}`
      let timer: NodeJS.Timeout | undefined
      const answered = new Promise<URL>((resolve, reject) => {
        waiting.set(state, resolve)
        timer = setTimeout(() => {
          const seconds = Math.round(options.timeout / 1000)
          const reason = `nobody answered within ${seconds} s at ${authorizationUrl.origin}; ask again to get a new question`
          reject(new AuthError('interaction_required', reason))
        }, options.timeout)
      })
      try {
        questions.set(path, authorizationUrl)
        options.tell(authorizationUrl, listener.url + path)
        return await answered
      } finally {
        clearTimeout(timer)
        waiting.delete(state)
        questions.delete(path)
      }
    },
    close: () => listener.close(),
  }
}
