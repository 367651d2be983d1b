import { readRealm } from '../../scenario/realm/index.ts'
import { connectKeycloak } from '../keycloak/keycloak-idp.ts'
import { keycloakSettings, withSecrets } from '../keycloak/settings.ts'
import { describeWhatEnds } from './testing/what-ends.ts'

const settings = keycloakSettings(process.env)
describeWhatEnds('Keycloak', () => connectKeycloak(settings, withSecrets(readRealm(), settings)))
