import { listen } from '@lab/services'
import { ProofKey } from './proof-key.ts'

/** A site of the attacker's that serves a key set, and metadata as if it were an IdP. */
export interface HostedKeys {
  readonly url: string
  readonly jwksUrl: string
  readonly kid: string
  readonly key: ProofKey
  /** The paths that somebody asked for: each one is a request that the attacker made somebody send. */
  readonly visits: readonly string[]
  close(): Promise<void>
}

export async function hostKeys(): Promise<HostedKeys> {
  const listener = await listen()
  const key = await ProofKey.generate()
  const [kid, visits] = ['attacker-1', [] as string[]]
  const jwksUrl = `${listener.url}/jwks`
  listener.serve((request) => {
    const { pathname } = new URL(request.url)
    visits.push(pathname)
    return pathname === '/jwks'
      ? Response.json({ keys: [{ ...key.publicJwk, kid, alg: 'ES256', use: 'sig' }] })
      : Response.json({ issuer: listener.url, jwks_uri: jwksUrl })
  })
  return { url: listener.url, jwksUrl, kid, key, visits, close: () => listener.close() }
}
