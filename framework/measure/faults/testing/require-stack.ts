import { checkKeycloak } from '../../../parties/keycloak/keycloak-check.ts'
import { keycloakSettings, opaUrl, withSecrets } from '../../../parties/keycloak/settings.ts'
import { checkOpa } from '../../../parties/pdp/opa-check.ts'
import { policyFolder, revisionOf } from '../../../parties/pdp/policy-record.ts'
import { readRealm } from '../../../scenario/realm/index.ts'

/** Before any test: the real stack must be up. A suite that skipped itself here would prove nothing. */
export async function setup(): Promise<void> {
  const settings = keycloakSettings(process.env)
  await checkKeycloak(settings, withSecrets(readRealm(), settings))
  await checkOpa({ url: opaUrl(process.env), revision: revisionOf(policyFolder), fetch })
}
