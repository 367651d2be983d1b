import { boundedFetch } from '@lab/contract'
import { UserError } from '../../process/user-error.ts'
import type { Realm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { issuerAt, type KeycloakSettings } from './settings.ts'

/** Sends a request that has 5 s for its whole answer. */
const send = boundedFetch(fetch, { timeout: 5_000 })

/** The parts of the provider's metadata that are looked at (OpenID Connect Discovery 1.0 section 3). */
interface Metadata {
  readonly issuer: string
  readonly token_endpoint: string
  readonly scopes_supported: readonly string[]
}

/**
 * Looks whether this Keycloak has the realm that the patterns run on, under the name that its tokens will carry, and
 * whether it knows the MCP server. What is wrong is said here in one line, before it shows as a refusal somewhere.
 * @throws {UserError} for the first thing that is wrong
 */
export async function checkKeycloak(settings: KeycloakSettings, realm: Realm): Promise<string> {
  const { url } = settings
  const expected = settings.issuer ?? issuerAt(url, realm.name)
  const metadata = await metadataOf(url, realm.name)
  if (metadata.issuer !== expected) {
    throw new UserError(
      `Keycloak at ${url} calls itself ${metadata.issuer}, and tokens of ${expected} are expected: reach it under its own name (KEYCLOAK_URL), or set KEYCLOAK_ISSUER to that name`,
    )
  }
  const lacking = scopesOf(realm).filter((name) => !metadata.scopes_supported.includes(name))
  if (lacking.length > 0) {
    throw new UserError(
      `the realm at ${url} is not the one of keycloak/agent-auth-realm.json (no client scope ${lacking.join(', ')}): delete it there and import that file; pnpm run stack down, then up, does both`,
    )
  }
  await checkSecret(metadata.token_endpoint, realm, url)
  return metadata.issuer
}

async function metadataOf(url: string, realm: string): Promise<Metadata> {
  const address = `${issuerAt(url, realm)}/.well-known/openid-configuration`
  const response = await ask(address, url)
  if (response.status === 404) {
    throw new UserError(
      `the Keycloak at ${url} has no realm ${realm}: import keycloak/agent-auth-realm.json into it`,
    )
  }
  const metadata = await response.json().catch(() => undefined)
  if (!response.ok || !isMetadata(metadata)) {
    throw new UserError(
      `what answers at ${url} is no Keycloak (HTTP ${response.status}): correct KEYCLOAK_URL`,
    )
  }
  return metadata
}

function isMetadata(value: unknown): value is Metadata {
  const { issuer, token_endpoint, scopes_supported } = (value ?? {}) as Partial<Metadata>
  return typeof issuer === 'string' && typeof token_endpoint === 'string' && Array.isArray(scopes_supported)
}

/**
 * Tries the MCP server's secret with an exchange of nothing: Keycloak authenticates the client first, so a wrong
 * secret is a 401 and a right one a 400 that asks for the subject token.
 */
async function checkSecret(tokenEndpoint: string, realm: Realm, url: string): Promise<void> {
  const { clientId, secret = '' } = clientOf(realm, 'mcp-server')
  const response = await ask(tokenEndpoint, url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)}`,
    },
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' }),
  })
  if (response.status === 401) {
    throw new UserError(
      `the Keycloak at ${url} refuses ${clientId}: a wrong secret, or the client is disabled; set MCP_SERVER_CLIENT_SECRET`,
    )
  }
}

async function ask(address: string, url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await send(address, init)
  } catch (cause) {
    throw new UserError(
      `no Keycloak answers at ${url}: start one with pnpm run stack up, or set KEYCLOAK_URL`,
      { cause },
    )
  }
}

function scopesOf(realm: Realm): string[] {
  const scopes = realm.clients.flatMap(({ defaultScopes, optionalScopes }) => [
    ...defaultScopes,
    ...optionalScopes,
  ])
  return [...new Set(scopes.map(({ name }) => name))]
}
