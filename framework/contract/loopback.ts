/**
 * Tells whether a host is this machine by its own name for itself.
 * @param hostname as `URL` gives it: in its canonical form, IPv6 in brackets
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
