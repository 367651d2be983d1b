import { isLoopback } from '@lab/contract'
import type { Provider } from 'oidc-provider/lib/provider.js'
import type { LiveRealm } from './live-realm.ts'

/**
 * Lets a public client with PKCE have its answer at any port and path of this machine, if its own redirect URIs are of
 * this machine: a person's MCP client chooses both, and often says `localhost` (RFC 8252 sections 7.3 and 8.3). Whoever
 * else listens there has a code that is worth nothing without the client's verifier.
 */
export function allowAnyLoopback(provider: Provider, realm: LiveRealm): void {
  const { prototype } = provider.Client as unknown as { prototype: LoopbackClient }
  const { redirectUriAllowed } = prototype
  prototype.redirectUriAllowed = function (uri) {
    if (redirectUriAllowed.call(this, uri)) return true
    // `native` is a client whose redirect URIs name no port: one that names its port means that one.
    const client = this.applicationType === 'native' ? realm.registeredClient(this.clientId) : undefined
    const isOpen = client?.public === true && client.pkce && client.redirectUris.every(isOnLoopback)
    return isOpen && isOnLoopback(uri)
  }
}

interface LoopbackClient {
  readonly clientId: string
  readonly applicationType: string
  redirectUriAllowed(uri: string): boolean
}

function isOnLoopback(uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname, username, password, hash } = new URL(uri)
  return protocol === 'http:' && isLoopback(hostname) && !username && !password && !hash
}
