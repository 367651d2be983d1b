import type { ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { isLoopback } from '@lab/contract'
import { errorResponse } from './error-response.ts'

const loopback = '127.0.0.1'

/** The time that a caller has to send its headers, and its whole request, in ms. A caller that drips is cut off. */
export const serverLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
} as const satisfies ServerOptions

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
 * Opens a port on the loopback interface only. What listens there answers by the names of this machine alone: with a
 * name of its own for this address, a web page could read what is served here (DNS rebinding).
 * @param port 0: any free one
 * @param host another interface: for a container, whose ports are published on the host's loopback
 * @param publicHost a name that a reverse proxy passes on, which is answered to as well
 * @throws the socket's error, such as EADDRINUSE
 */
export async function listen(port = 0, host = loopback, publicHost?: string): Promise<Listener> {
  let handler: Handler = () => new Response('starting', { status: 503 })
  const server = createAdaptorServer({
    fetch: (request) => {
      const { hostname } = new URL(request.url)
      if (!isLoopback(hostname) && hostname !== publicHost) {
        return errorResponse(403, 'forbidden_host', 'this server answers by the names of this machine alone')
      }
      return handler(request.headers.has('transfer-encoding') ? plainRequest(request) : request)
    },
    overrideGlobalObjects: false,
    serverOptions: serverLimits,
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
  return new Request(url, { method, headers, body, signal, duplex: 'half' } as RequestInit)
}
