import type { IdentityProvider } from '../../parties/idp/index.ts'
import type { Realm } from '../../scenario/realm/realm.ts'
import { type Difference, differencesOf, withoutAddresses } from './difference.ts'
import { ProbeIdp } from './probe-idp.ts'
import { probes } from './probes.ts'

/** One probe, and what both answered. */
export interface ProbeResult {
  readonly name: string
  /** In words; the one of the real IdP. */
  readonly answer: string
  readonly differences: readonly Difference[]
}

/** Puts every probe to both IdPs. */
export async function compareIdps(
  embedded: IdentityProvider,
  keycloak: IdentityProvider,
  realms: { readonly embedded: Realm; readonly keycloak: Realm },
  onProgress: (line: string) => void,
): Promise<ProbeResult[]> {
  const [ours, theirs] = [new ProbeIdp(embedded, realms.embedded), new ProbeIdp(keycloak, realms.keycloak)]
  const results: ProbeResult[] = []
  for (const { name, run } of probes) {
    onProgress(`IdP: ${name}`)
    const [expected, answer] = [await run(ours), await run(theirs)]
    const differences = differencesOf(`IdP: ${name}`, { answer: expected }, { answer })
    results.push({ name, answer: withoutAddresses(answer), differences })
  }
  return results
}
