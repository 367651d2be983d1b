import type { TokenProfile } from '@lab/contract'
import type { Environment } from '../../process/environment.ts'
import { UserError } from '../../process/user-error.ts'
import type { Realm } from '../../scenario/realm/index.ts'
import { readTokenProfile } from './read-token-profile.ts'

/** The address of a Keycloak, and our clients' secrets there. */
export interface KeycloakSettings {
  /** Base URL at which this process reaches it. */
  readonly url: string
  /**
   * The issuer that its tokens name, if that is not `{url}/realms/{realm}`: inside a container network Keycloak
   * has another address than the one that users' browsers know.
   */
  readonly issuer?: string
  /** Administrator of the `master` realm: only attacks and parity need one. */
  readonly admin: { readonly username: string; readonly password: string }
  /** Client secrets that differ from the realm file's, by client id. */
  readonly secrets: Readonly<Record<string, string>>
  /** The form of its tokens; default: the realm file's. */
  readonly profile?: TokenProfile
}

/** The addresses that `pnpm run stack up` and compose use, unless the environment says otherwise. */
const defaultKeycloakUrl = 'http://127.0.0.1:8080'
const defaultOpaUrl = 'http://127.0.0.1:8181'

/** Clients that hold a secret here, and the variable that gives it where it is not the demo's. */
const secretVariables = {
  'mcp-server': 'MCP_SERVER_CLIENT_SECRET',
  'rogue-agent': 'ROGUE_AGENT_CLIENT_SECRET',
} as const

/**
 * Reads `KEYCLOAK_URL`, `KEYCLOAK_ISSUER`, `TOKEN_PROFILE`, the client secrets and the administrator (by the names that
 * Keycloak itself reads at its first start) from the environment.
 * @throws {UserError} for an address that is none, and a profile that cannot be used
 */
export function keycloakSettings(env: Environment): KeycloakSettings {
  const secrets = Object.entries(secretVariables).flatMap(([clientId, variable]) => {
    const secret = env[variable]
    return secret ? [[clientId, secret] as const] : []
  })
  return {
    url: addressFrom(env, 'KEYCLOAK_URL', defaultKeycloakUrl),
    ...(env.KEYCLOAK_ISSUER && { issuer: addressFrom(env, 'KEYCLOAK_ISSUER', '') }),
    admin: {
      username: env.KC_BOOTSTRAP_ADMIN_USERNAME || 'admin',
      password: env.KC_BOOTSTRAP_ADMIN_PASSWORD || 'admin',
    },
    secrets: Object.fromEntries(secrets),
    ...(env.TOKEN_PROFILE && { profile: readTokenProfile(env.TOKEN_PROFILE) }),
  }
}

/** Base URL of the OPA server: `OPA_URL`. @throws {UserError} for an address that is none */
export function opaUrl(env: Environment): string {
  return addressFrom(env, 'OPA_URL', defaultOpaUrl)
}

/** The realm with the secrets that its clients have at this Keycloak. */
export function withSecrets(realm: Realm, { secrets }: Pick<KeycloakSettings, 'secrets'>): Realm {
  const clients = realm.clients.map((client) => {
    const secret = secrets[client.clientId]
    return secret ? { ...client, secret } : client
  })
  return { ...realm, clients }
}

/** The issuer identifier of the realm (Keycloak: `{url}/realms/{realm}`). */
export function issuerAt(url: string, realm: string): string {
  return `${url}/realms/${realm}`
}

function addressFrom(env: Environment, variable: string, fallback: string): string {
  const value = env[variable] || fallback
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new UserError(`${variable} is no web address: use one like ${defaultKeycloakUrl}`)
  }
  return value.replace(/\/+$/, '')
}
