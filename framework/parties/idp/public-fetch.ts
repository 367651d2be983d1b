import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { isPublic } from './public-address.ts'
import { readDocument } from './read-document.ts'

/** Fetches a document whose address somebody else chose. */
export type FetchDocument = (url: string, options?: RequestInit) => Promise<Response>

/**
 * A GET over HTTPS to public addresses alone, without redirects: a client id may name any address, and this process can
 * reach some that its sender cannot (SSRF). The address is judged when it is connected to, so that no name can change
 * its mind in between.
 * @throws for another scheme, an internal address, an answer that is no document, one that is too long or takes too long
 */
export const publicFetch: FetchDocument = async (url) => {
  const { protocol, hostname } = new URL(url)
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (protocol !== 'https:') throw new TypeError('only https is fetched')
  if (isIP(literal) && !isPublic(literal)) throw new TypeError('an internal address')
  return readDocument(url, { lookup: publicLookup })
}

/** Node's own lookup, which then refuses names of internal addresses. */
const publicLookup: typeof lookup = ((
  hostname: string,
  options: object,
  callback: (error: Error | null, ...found: unknown[]) => void,
) =>
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error)
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublic(address))) {
      return callback(new TypeError(`${hostname} has an internal address`))
    }
    if ((options as { all?: boolean }).all) return callback(null, addresses)
    callback(null, addresses[0]?.address, addresses[0]?.family)
  })) as typeof lookup
