import type { Realm, RealmClient } from '../../scenario/realm/index.ts'

/** True if a client id is the address of a metadata document (draft-ietf-oauth-client-id-metadata-document section 3). */
export function isVisiting(clientId: string): boolean {
  return clientId.startsWith('https://')
}

/**
 * A client that nobody registered: it may ask for what the agent's app may ask for, and its user is asked for each bit
 * of it. Its redirect URIs are not here: they come from its metadata document.
 */
export function visitingClient(clientId: string, { clients }: Realm): RealmClient | undefined {
  const agentApp = clients.find((each) => each.clientId === 'agent-app')
  if (!isVisiting(clientId) || !agentApp) return undefined
  return { ...agentApp, clientId, redirectUris: [], webOrigins: [], refreshTokens: false }
}
