import { lookup } from 'node:dns'
import { request } from 'node:https'
import { BlockList, isIP } from 'node:net'

/** Fetches a document whose address somebody else chose. */
export type FetchDocument = (url: string, options?: RequestInit) => Promise<Response>

/** No metadata document comes near it. In bytes. */
const maxSize = 64 * 1024
/** In ms. */
const timeout = 3_000

/** Addresses of this machine, of private networks, and of what no server of a stranger's has (RFC 6890). */
const internal = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  internal.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  internal.addSubnet(network, prefix, 'ipv6')
}

/** Whether an address is one that a stranger must not make this process connect to. */
export function isInternal(address: string): boolean {
  return internal.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/**
 * A GET over HTTPS to public addresses alone, without redirects: a client id may name any address, and this process can
 * reach some that its sender cannot (SSRF). The address is judged when it is connected to, so that no name can change
 * its mind in between.
 * @throws for another scheme, an internal address, a document that is too long, or a server that is too slow
 */
export const publicFetch: FetchDocument = (url) =>
  new Promise((resolve, reject) => {
    const { protocol, hostname } = new URL(url)
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:') return reject(new TypeError('only https is fetched'))
    if (isIP(literal) && isInternal(literal)) return reject(new TypeError('an internal address'))
    const options = {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeout),
      lookup: publicLookup,
    }
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > maxSize) incoming.destroy(new RangeError(`longer than ${maxSize} bytes`))
        else chunks.push(chunk)
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        const headers = { 'content-type': incoming.headers['content-type'] ?? '' }
        resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 502, headers }))
      })
    })
    outgoing.on('error', reject).end()
  })

/** Node's own lookup, which then refuses names of internal addresses. */
const publicLookup: typeof lookup = ((
  hostname: string,
  options: object,
  callback: (error: Error | null, ...found: unknown[]) => void,
) =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error)
    if (addresses.some(({ address }) => isInternal(address))) {
      return callback(new TypeError(`${hostname} has an internal address`))
    }
    if ((options as { all?: boolean }).all) return callback(null, addresses)
    callback(null, addresses[0]?.address, addresses[0]?.family)
  })) as typeof lookup
