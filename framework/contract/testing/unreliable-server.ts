import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The ways in which another party's server does not do what it should. */
const troubles = {
  hangs: () => {},
  'sends headers and hangs': (response) => {
    response.writeHead(200, json).flushHeaders()
  },
  drips: (response) => {
    response.writeHead(200, json).write('{')
    const timer = setInterval(() => response.write(' '), 100)
    response.on('close', () => clearInterval(timer))
  },
  'answers without end': (response) => {
    response.writeHead(200, json)
    const more = () => {
      while (response.write(' '.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  },
  // Another origin, which is this server again.
  'sends elsewhere': (response) => {
    const port = response.req.socket.localPort
    response.writeHead(307, { location: `http://localhost:${port}/elsewhere` }).end()
  },
  'is overloaded': (response) => response.writeHead(429, json).end('{"error":"slow_down"}'),
  'is down for a while': (response) =>
    response.writeHead(503, json).end('{"error":"temporarily_unavailable"}'),
  'changes the protocol': (response) => {
    response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
  },
  'answers with no content': (response) => response.writeHead(204).end(),
  'answers with a status that nobody knows': (response) => response.writeHead(999, json).end('{}'),
  'breaks off': (response) => {
    response.writeHead(200, { ...json, 'content-length': '100' }).write('{', () => response.destroy())
  },
} as const satisfies Record<string, (response: ServerResponse) => unknown>
export type Trouble = keyof typeof troubles
export const troubleNames = Object.keys(troubles) as Trouble[]

const json = { 'content-type': 'application/json' }

/** For tests: a server on loopback that is in trouble, and tells what reached it. */
export interface UnreliableServer {
  readonly url: string
  /** The paths that were asked for. */
  readonly visits: readonly string[]
  /** The paths whose answer nobody waits for any more. */
  readonly left: readonly string[]
  close(): Promise<void>
}

export async function unreliableServer(trouble: Trouble): Promise<UnreliableServer> {
  const [visits, left]: [string[], string[]] = [[], []]
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    visits.push(path)
    response.on('close', () => response.writableFinished || left.push(path))
    request.resume().on('end', () => troubles[trouble](response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    left,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
