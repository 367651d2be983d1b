import { isLoopback } from '@lab/contract'
import { InvalidClientMetadata } from 'oidc-provider/lib/helpers/errors.js'
import type { Realm, RealmClient } from '../../scenario/realm/index.ts'

/** True if a client id is the address of a metadata document (draft-ietf-oauth-client-id-metadata-document section 3). */
export function isUnregistered(clientId: string): boolean {
  return /^https:\/\//i.test(clientId)
}

/**
 * A client that nobody registered: it may ask for what the agent's app may ask for, and its user is asked for each bit
 * of it. Its redirect URIs are not here: they come from its metadata document.
 */
export function unregisteredClient(clientId: string, { clients }: Realm): RealmClient | undefined {
  const agentApp = clients.find((each) => each.clientId === 'agent-app')
  if (!isUnregistered(clientId) || !agentApp) return undefined
  return { ...agentApp, clientId, redirectUris: [], webOrigins: [], refreshTokens: false }
}

/** The parts of a metadata document that say what its client does. */
interface Document {
  readonly clientId: string
  readonly redirectUris?: readonly string[] | undefined
  readonly postLogoutRedirectUris?: readonly string[] | undefined
  readonly grantTypes?: readonly string[] | undefined
  readonly responseTypes?: readonly string[] | undefined
}

/**
 * Checks what an unregistered client says of itself. Its answers go to its own origin or to this machine, and it gets
 * tokens by a person's yes alone.
 * @throws {InvalidClientMetadata} with what it may not name
 */
export function checkUnregistered(client: Document): void {
  const { origin } = new URL(client.clientId)
  const uris = [...(client.redirectUris ?? []), ...(client.postLogoutRedirectUris ?? [])]
  if (!uris.every((uri) => isOwn(uri, origin))) {
    throw new InvalidClientMetadata(
      'redirect URIs of an unregistered client are on its own origin or on loopback',
    )
  }
  const grants = ['authorization_code', 'refresh_token']
  if (!(client.grantTypes ?? []).every((grant) => grants.includes(grant))) {
    throw new InvalidClientMetadata('an unregistered client has no grant but a code that a person gave it')
  }
  if (!(client.responseTypes ?? []).every((type) => type === 'code')) {
    throw new InvalidClientMetadata('an unregistered client is answered with a code and nothing else')
  }
}

/** A scheme of an app's own is anybody's on the same device, and another's host is another's. */
function isOwn(uri: string, origin: string): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname, username, password, origin: theirs } = new URL(uri)
  if (username || password) return false
  return theirs === origin || (protocol === 'http:' && isLoopback(hostname))
}
