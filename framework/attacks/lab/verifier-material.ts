import type { ApiKey } from '@lab/contract'
import { newTraceparent } from '@lab/services'
import type { JSONWebKeySet } from 'jose'
import { apiKeyTable } from '../../runner/demo-keys.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { discover } from '../../sign-in/index.ts'

/** All that a service has to tell good credentials from bad ones: what somebody who broke into it would find. */
export interface VerifierMaterial {
  readonly apiKeys: readonly ApiKey[]
  /** The IdP's public keys. */
  readonly jwks: JSONWebKeySet
}

export async function verifierMaterial({ stack }: PatternRunner): Promise<VerifierMaterial> {
  const fetch = stack.recorder.fetchAs('attacker')
  const metadata = await discover(stack.idp.issuer, { fetch, traceparent: newTraceparent() })
  const response = await fetch(metadata.jwks_uri ?? '')
  return {
    apiKeys: apiKeyTable(stack.realm.users.map(({ username }) => username)),
    jwks: (await response.json()) as JSONWebKeySet,
  }
}
