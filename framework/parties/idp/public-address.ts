import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Everything that IANA has given out to be reached from anywhere (RFC 4291 section 2.4). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Tells whether an address is one of a server on the internet: global unicast, and none of the special ranges
 * (RFC 6890), such as those of this machine, of private networks, and of tunnels and translators that lead into one.
 * What is no address is not public.
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast)
}
