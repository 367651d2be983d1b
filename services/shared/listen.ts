import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'

const loopback = '127.0.0.1'

type Handler = (request: Request) => Response | Promise<Response>

/** An open loopback port whose URL is known before there is anything to serve on it. */
export interface Listener {
  /** Base URL without a trailing slash. */
  readonly url: string
  /** Sets what answers; until then every request gets a 503. */
  serve(handler: Handler): void
  close(): Promise<void>
}

/**
 * Opens a port on the loopback interface only.
 * @param port 0: any free one
 * @param host another interface: for a container, whose ports are published on the host's loopback
 * @throws the socket's error, such as EADDRINUSE
 */
export async function listen(port = 0, host = loopback): Promise<Listener> {
  let handler: Handler = () => new Response('starting', { status: 503 })
  const server = createAdaptorServer({
    fetch: (request) => handler(request.headers.has('transfer-encoding') ? plainRequest(request) : request),
    overrideGlobalObjects: false,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${loopback}:${(server.address() as AddressInfo).port}`,
    serve(next) {
      handler = next
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

/**
 * The adapter's requests are none of the global class, and `new Request(request)` refuses them. That is how a body of
 * unknown length is bounded, so for such a body it has to be a real one.
 */
function plainRequest({ url, method, headers, body, signal }: Request): Request {
  return new Request(url, { method, headers, body, signal, duplex: 'half' })
}
