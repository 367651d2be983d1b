import { boundedFetch, isLoopback, newTraceparent } from '@lab/contract'
import { metadataUrlOf } from '@lab/services'
import { z } from 'zod'
import { issuerAt, keycloakSettings } from '../../parties/keycloak/settings.ts'
import { signIn } from '../../parties/sign-in/index.ts'
import { UserError } from '../../process/user-error.ts'
import { readOwnRealm } from '../../scenario/own-realm/read-own-realm.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { readRealm } from '../../scenario/realm/read-realm.ts'

/** The parts of a protected resource's metadata that a client needs (RFC 9728 section 2). */
const Metadata = z.object({
  resource: z.string(),
  authorization_servers: z.array(z.string()).min(1),
  scopes_supported: z.array(z.string()).default([]),
})

/** The time that the MCP server has for its metadata, in ms. */
const timeout = 10_000

/**
 * Signs a demo user in to the agent's app, for an MCP server. A password is typed at the realm's issuer alone, whatever
 * authorization server the MCP server names: anybody can run one.
 * @param options.scopes default: all that the server supports
 * @param options.issuer an issuer on loopback, such as the embedded IdP of a served pattern; default: Keycloak's realm
 * @param options.realmFile a realm of the person's; default: the lab's own
 * @returns the access token, addressed to the MCP server
 * @throws {UserError} for an unknown user, where no protected MCP server answers, or where it names another issuer;
 *   `AuthError` `idp_unavailable`
 */
export async function tokenOf(
  username: string,
  mcpUrl: URL,
  options: {
    readonly scopes?: readonly string[] | undefined
    readonly issuer?: string | undefined
    readonly realmFile?: string | undefined
  } = {},
): Promise<string> {
  const { realmFile } = options
  const realm = realmFile === undefined ? readRealm() : readOwnRealm(realmFile).realm
  const user = realm.users.find((each) => each.username === username)
  if (!user) {
    const known = realm.users.map((each) => each.username).join(', ')
    throw new UserError(`unknown user "${username}": use ${known}`)
  }
  const issuer = trustedIssuer(realm.name, options.issuer)
  const metadata = await metadataOf(mcpUrl)
  // RFC 9728 section 3.3: metadata that speaks of another resource must not be used.
  if (metadata.resource !== mcpUrl.href) {
    throw new UserError(`the metadata is of ${metadata.resource}: give that URL as --mcp`)
  }
  if (!metadata.authorization_servers.includes(issuer)) {
    const named = metadata.authorization_servers.map((each) => JSON.stringify(each.slice(0, 200))).join(', ')
    throw new UserError(
      `no password is typed at ${named}, which ${mcpUrl} names as its authorization server: the realm's issuer is ${issuer}; for the embedded IdP of a served pattern give its address as --issuer`,
    )
  }
  const { clientId, redirectUris } = clientOf(realm, 'agent-app')
  const { accessToken } = await signIn({
    issuer,
    clientId,
    redirectUri: redirectUris[0] ?? '',
    username,
    password: user.password,
    scopes: options.scopes ?? metadata.scopes_supported,
    resource: metadata.resource,
    fetch,
    traceparent: newTraceparent(),
  })
  return accessToken
}

/** The realm's issuer, which is Keycloak's if no issuer on loopback is named. @throws {UserError} for any other */
function trustedIssuer(realm: string, named: string | undefined): string {
  const { url, issuer = issuerAt(url, realm) } = keycloakSettings(process.env)
  if (named === undefined) return issuer
  const given = named.replace(/\/$/, '')
  if (given === issuer || (URL.canParse(given) && isLoopback(new URL(given).hostname))) return given
  throw new UserError(
    `--issuer ${named} is not on this machine: for a Keycloak elsewhere set KEYCLOAK_URL or KEYCLOAK_ISSUER`,
  )
}

async function metadataOf(mcpUrl: URL): Promise<z.infer<typeof Metadata>> {
  const url = metadataUrlOf({ mcpUrl: mcpUrl.href })
  try {
    const response = await boundedFetch(fetch, { timeout })(url)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return Metadata.parse(await response.json())
  } catch (cause) {
    throw new UserError(
      `${url} has no metadata of a protected MCP server: check --mcp; patterns before p05 take no token`,
      { cause },
    )
  }
}
