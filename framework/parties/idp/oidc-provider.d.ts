/**
 * Deep imports of `oidc-provider`, which is pinned to one exact version for them. The entry module is not used:
 * it prints a warning on Node 20, though all that is used here runs there (the tests are the proof).
 */
declare module 'oidc-provider/lib/provider.js' {
  import Provider from 'oidc-provider'

  export { Provider }
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  import { errors } from 'oidc-provider'

  export const CustomOIDCProviderError: typeof errors.CustomOIDCProviderError
  export const InvalidClientMetadata: typeof errors.InvalidClientMetadata
  export const AccessDenied: typeof errors.AccessDenied
  export const ExpiredToken: typeof errors.ExpiredToken
  export const InvalidAuthorizationDetails: typeof errors.InvalidAuthorizationDetails
  export const InvalidRequest: typeof errors.InvalidRequest
  export const InvalidTarget: typeof errors.InvalidTarget
  export const InvalidScope: typeof errors.InvalidScope
}

declare module 'oidc-provider/lib/helpers/interaction_policy/index.js' {
  import { interactionPolicy } from 'oidc-provider'

  export const base: typeof interactionPolicy.base
  export const Check: typeof interactionPolicy.Check
}

declare module 'oidc-provider/lib/helpers/weak_cache.js' {
  import type { KoaContextWithOIDC } from 'oidc-provider'

  /** The inner parts of a provider: the parameters that each grant reads, and what carries it out. */
  // biome-ignore lint/style/noDefaultExport: it is the library that has one
  export default function instance(provider: object): {
    readonly grantTypeParams: Map<string | undefined, Set<string>>
    readonly grantTypeHandlers: Map<string, (ctx: KoaContextWithOIDC) => Promise<void>>
  }
}
