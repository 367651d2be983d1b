import type { Exchange, Outgoing } from '../recorder/recorder.ts'

/** Headers that any HTTP client sends: they say nothing about the caller. */
const ordinary = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'host',
  'sec-fetch-mode',
  'traceparent',
  'user-agent',
])

/** What of a captured request is, or may be, a credential: all that an ordinary client would not send. */
export function credentialsOf({ requestHeaders }: Pick<Outgoing, 'requestHeaders'>): Record<string, string> {
  return Object.fromEntries([...requestHeaders].filter(([name]) => !ordinary.has(name)))
}

export function hasCredentials(exchange: Pick<Outgoing, 'requestHeaders'>): boolean {
  return Object.keys(credentialsOf(exchange)).length > 0
}

/** The strings in a captured request's credentials: schemes left aside. */
export function secretsOf(exchange: Pick<Outgoing, 'requestHeaders'>): string[] {
  return Object.values(credentialsOf(exchange)).map((value) => value.split(' ').at(-1) ?? '')
}

/** Every way in which a string could be presented to a service, at once. */
export function presentedAs(secret: string): Record<string, string>[] {
  return [{ 'x-api-key': secret }, { authorization: `Bearer ${secret}` }, { authorization: `DPoP ${secret}` }]
}

/** The one exchange that a service answered in a run. */
export function serviceCall(exchanges: readonly Exchange[]): Exchange {
  const found = exchanges.find(({ from, to }) => from === 'mcp-server' && to !== 'idp' && to !== 'pdp')
  if (!found) throw new Error('the honest run reached no service, so there was nothing to capture')
  return found
}
