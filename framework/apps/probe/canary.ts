import { listen } from '@lab/services'

/** An API behind the server under test, which the person points the server at: it sees what the server sends on. */
export interface Canary {
  readonly url: string
  /** All header values and URLs that came, one text for each request. */
  readonly received: readonly string[]
  stop(): Promise<void>
}

/**
 * @param answer its body for every request
 * @throws the socket's error, such as EADDRINUSE
 */
export async function startCanary(port: number, answer: string): Promise<Canary> {
  const listener = await listen(port)
  const received: string[] = []
  listener.serve(async (request) => {
    const body = await request.text()
    received.push([request.url, ...[...request.headers].map(([, value]) => value), body].join('\n'))
    return new Response(answer, { headers: { 'content-type': 'application/json' } })
  })
  return { url: listener.url, received, stop: () => listener.close() }
}
