import type { Role } from '@lab/contract'

/** An identity provider to sign in at and to exchange tokens with: the embedded one, or a Keycloak. */
export interface IdentityProvider {
  readonly kind: 'embedded' | 'keycloak'
  readonly issuer: string
  /** The address of its metadata, if it differs in this network from the issuer's name. */
  readonly metadataAt?: string
  readonly admin: IdpAdmin
  close(): Promise<void>
}

/** The administration of a running realm. Each change holds from the next request on. */
export interface IdpAdmin {
  /** Ends every session of a user: their tokens can no longer be refreshed or exchanged. */
  endSessions(username: string): Promise<void>
  setRoles(username: string, roles: readonly Role[]): Promise<void>
  setUserEnabled(username: string, enabled: boolean): Promise<void>
  setClientEnabled(clientId: string, enabled: boolean): Promise<void>
  /** Sets the scopes that a client may ask for beside its default ones. They must exist in the realm. */
  setOptionalScopes(clientId: string, names: readonly string[]): Promise<void>
  /**
   * Takes back what a user has said yes to: what the client holds for this user can no longer be refreshed or exchanged.
   */
  revokeConsent(username: string, clientId: string): Promise<void>
  /** Puts users and clients back to what the realm file says. Sessions go on. */
  reset(): Promise<void>
}
