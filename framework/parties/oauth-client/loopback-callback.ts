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
 * @param options.tell shows the person the address
 * @param options.timeout how long a person has, in ms
 */
export async function openLoopbackCallback(options: {
  readonly tell: (authorizationUrl: URL) => void
  readonly timeout: number
}): Promise<LoopbackCallback> {
  const listener = await listen()
  const waiting = new Map<string, (callback: URL) => void>()
  listener.serve((request) => {
    const url = new URL(request.url)
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
        options.tell(authorizationUrl)
        return await answered
      } finally {
        clearTimeout(timer)
        waiting.delete(state)
      }
    },
    close: () => listener.close(),
  }
}
