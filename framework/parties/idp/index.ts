export type { IdpAudit, IdpRecord } from './audit.ts'
export { startEmbeddedIdp } from './embedded-idp.ts'
export type { IdentityProvider, IdpAdmin } from './identity-provider.ts'
