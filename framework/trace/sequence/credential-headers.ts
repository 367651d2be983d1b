import type { Hop } from '../recorder/hop.ts'

/** The headers that carry credentials in any of the patterns. */
const credentials = ['authorization', 'dpop', 'x-api-key']

/** The headers of a request that carry a credential. */
export function credentialHeaders(headers: Hop['request']['headers']): [string, string][] {
  return Object.entries(headers).filter(([name]) => credentials.includes(name))
}
