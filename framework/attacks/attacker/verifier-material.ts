import { type ApiKey, boundedFetch } from '@lab/contract'
import type { JSONWebKeySet } from 'jose'
import { idpTimeout } from '../../parties/oauth-client/discovery.ts'
import type { PatternRunner } from '../../runner/pattern-runner.ts'
import { apiKeyTable } from '../../scenario/demo-keys.ts'
import { usernames } from '../../scenario/realm/lookup.ts'
import { idpMetadata } from './idp-metadata.ts'

/** All that a service has to tell good credentials from bad ones: what somebody who broke into it would find. */
export interface VerifierMaterial {
  readonly apiKeys: readonly ApiKey[]
  /** The IdP's public keys. */
  readonly jwks: JSONWebKeySet
}

export async function verifierMaterial(runner: PatternRunner): Promise<VerifierMaterial> {
  const { jwks_uri: url = '' } = await idpMetadata(runner)
  const fetch = boundedFetch(runner.stack.recorder.fetchAs('attacker'), { timeout: idpTimeout })
  const response = await fetch(url)
  return {
    apiKeys: apiKeyTable(usernames(runner.realm)),
    jwks: (await response.json()) as JSONWebKeySet,
  }
}
