import { connectKeycloak } from '../real-stack/keycloak-idp.ts'
import { keycloakSettings, withSecrets } from '../real-stack/settings.ts'
import { readRealm } from '../realm/index.ts'
import { describeWhatEnds } from './testing-what-ends.ts'

const settings = keycloakSettings(process.env)
describeWhatEnds('Keycloak', () => connectKeycloak(settings, withSecrets(readRealm(), settings)))
