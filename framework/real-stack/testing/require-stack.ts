import { policyFolder, revisionOf } from '../../policy/policy-record.ts'
import { readRealm } from '../../realm/index.ts'
import { checkKeycloak } from '../keycloak-check.ts'
import { checkOpa } from '../opa-check.ts'
import { keycloakSettings, opaUrl, withSecrets } from '../settings.ts'

/** Before any test: the real stack must be up. A suite that skipped itself here would prove nothing. */
export async function setup(): Promise<void> {
  const settings = keycloakSettings(process.env)
  await checkKeycloak(settings, withSecrets(readRealm(), settings))
  await checkOpa({ url: opaUrl(process.env), revision: revisionOf(policyFolder), fetch })
}
