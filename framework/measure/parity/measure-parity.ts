import { startEmbeddedIdp } from '../../parties/idp/index.ts'
import { connectKeycloak } from '../../parties/keycloak/keycloak-idp.ts'
import { type KeycloakSettings, withSecrets } from '../../parties/keycloak/settings.ts'
import { opaServerPdp } from '../../parties/pdp/opa-server-pdp.ts'
import { policyFolder, revisionOf } from '../../parties/pdp/policy-record.ts'
import { openWasmPdp } from '../../parties/pdp/wasm-pdp.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { patternOrder } from '../declarations/order.ts'
import { compareIdps, type ProbeResult } from './compare-idps.ts'
import type { Parity } from './parity-page.ts'
import { comparePolicies } from './policy-space.ts'
import { comparePattern, type PatternParity } from './run-parity.ts'

/** The real stack that is compared with the embedded default. */
export interface RealStack {
  readonly keycloak: KeycloakSettings
  readonly opaUrl: string
}

/**
 * Measures everything that `docs/parity.md` says.
 * @throws {UserError} where the real stack is not up
 */
export async function measureParity(real: RealStack, onProgress: (line: string) => void): Promise<Parity> {
  const idps = await measureIdps(real, onProgress)
  const patterns: PatternParity[] = []
  for (const name of (await patternOrder()).names) {
    patterns.push(await comparePattern(name, real, onProgress))
  }
  return { patterns, idps, policy: await measurePolicy(real, onProgress) }
}

/** Puts every probe to an embedded IdP and to the Keycloak. */
export async function measureIdps(
  { keycloak }: Pick<RealStack, 'keycloak'>,
  onProgress: (line: string) => void,
): Promise<ProbeResult[]> {
  const ours = readRealm()
  const theirs = withSecrets(ours, keycloak)
  const connected = await connectKeycloak(keycloak, theirs)
  const embedded = await startEmbeddedIdp({ realm: ours, audit() {} })
  try {
    return await compareIdps(embedded, connected, { embedded: ours, keycloak: theirs }, onProgress)
  } finally {
    await embedded.close()
  }
}

/** Puts every question to the policy as WebAssembly and to the OPA server. */
export async function measurePolicy(
  { opaUrl: url }: Pick<RealStack, 'opaUrl'>,
  onProgress: (line: string) => void,
): Promise<Parity['policy']> {
  const server = opaServerPdp({ url, revision: revisionOf(policyFolder), fetch })
  return comparePolicies(await openWasmPdp(), server, readRealm(), onProgress)
}
