import type { Role } from '@lab/contract'

/** An identity provider to sign in at and to exchange tokens with: the embedded one, or a Keycloak. */
export interface IdentityProvider {
  readonly kind: 'embedded' | 'keycloak'
  readonly issuer: string
  /** Where its metadata is asked for, if it has another address in this network than the issuer's name says. */
  readonly metadataAt?: string
  readonly admin: IdpAdmin
  close(): Promise<void>
}

/** What an administrator of the realm can do while it runs. Each change holds from the next request on. */
export interface IdpAdmin {
  /** Ends every session of a user: their tokens can no longer be refreshed or exchanged. */
  endSessions(username: string): Promise<void>
  setRoles(username: string, roles: readonly Role[]): Promise<void>
  setUserEnabled(username: string, enabled: boolean): Promise<void>
  setClientEnabled(clientId: string, enabled: boolean): Promise<void>
  /** What a client may ask for beside its default scopes. Which scopes there are is the realm's. */
  setOptionalScopes(clientId: string, names: readonly string[]): Promise<void>
  /**
   * Takes back what a user has said yes to: what the client holds for this user can no longer be refreshed or exchanged.
   */
  revokeConsent(username: string, clientId: string): Promise<void>
  /** Puts users and clients back to what the realm file says. Sessions go on. */
  reset(): Promise<void>
}
