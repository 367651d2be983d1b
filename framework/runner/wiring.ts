import {
  type Audit,
  boundedFetch,
  type TokenProfile,
  type TokenVerifier,
  tokenProfiles,
  VerifiedTokens,
} from '@lab/contract'
import { createRemoteJWKSet, customFetch } from 'jose'
import type { IdentityProvider } from '../parties/idp/index.ts'
import type { discover } from '../parties/oauth-client/discovery.ts'
import type { Realm } from '../scenario/realm/index.ts'
import type { Party } from '../trace/recorder/hop.ts'
import type { Recorder } from '../trace/recorder/recorder.ts'
import type { Closers } from './closers.ts'
import type { Pattern } from './load-pattern.ts'
import type { PdpAs } from './pdps.ts'

/** The parts that services and MCP server are both wired to. */
export interface Wiring {
  readonly pattern: Pattern
  readonly realm: Realm
  readonly recorder: Recorder
  readonly audit: Audit
  /** The identity provider's metadata (RFC 8414). */
  readonly metadata: Metadata
  readonly verifierAs: VerifierAs
  readonly pdpAs: PdpAs
  readonly closers: Closers
}

export type Metadata = Awaited<ReturnType<typeof discover>>

/** Gives each party its own way to the IdP's keys, recorded in its name. */
export type VerifierAs = (
  party: Party,
  now: () => number,
) => TokenVerifier & { readonly profile: TokenProfile }

/** Verifiers of the IdP's tokens, by the keys that its metadata names. */
export function verifiersOf(
  { issuer }: IdentityProvider,
  metadata: Metadata,
  { realm, recorder }: Pick<Wiring, 'realm' | 'recorder'>,
  profile: TokenProfile = tokenProfiles.keycloak,
): VerifierAs {
  const subjects = new Map(realm.users.map(({ sub, username }) => [sub, username]))
  return (party, now) => ({
    issuer,
    profile,
    jwks: createRemoteJWKSet(new URL(metadata.jwks_uri ?? ''), {
      [customFetch]: boundedFetch(recorder.fetchAs(party), { timeout: 5_000 }),
      // How soon an unknown `kid` may cause another fetch: a rotation heals in seconds, a flood stays a trickle.
      cooldownDuration: 2_000,
    }),
    verified: new VerifiedTokens(),
    userOf: (sub) => subjects.get(sub),
    now,
  })
}
