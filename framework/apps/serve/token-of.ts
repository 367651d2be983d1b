import { newTraceparent } from '@lab/contract'
import { metadataUrlOf } from '@lab/services'
import { z } from 'zod'
import { signIn } from '../../parties/sign-in/index.ts'
import { UserError } from '../../process/user-error.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { readRealm } from '../../scenario/realm/read-realm.ts'

/** The parts of a protected resource's metadata that a client needs (RFC 9728 section 2). */
const Metadata = z.object({
  resource: z.string(),
  authorization_servers: z.tuple([z.url()], z.url()),
  scopes_supported: z.array(z.string()).default([]),
})

/**
 * Signs a demo user in to the agent's app, at the authorization server that the MCP server names.
 * @param scopes default: all that the server supports
 * @returns the access token, addressed to the MCP server
 * @throws {UserError} for an unknown user or where no protected MCP server answers; `AuthError` `idp_unavailable`
 */
export async function tokenOf(username: string, mcpUrl: URL, scopes?: readonly string[]): Promise<string> {
  const realm = readRealm()
  const user = realm.users.find((each) => each.username === username)
  if (!user) {
    const known = realm.users.map((each) => each.username).join(', ')
    throw new UserError(`there is no user "${username}": choose one of ${known}`)
  }
  const metadata = await metadataOf(mcpUrl)
  // RFC 9728 section 3.3: metadata that speaks of another resource must not be used.
  if (metadata.resource !== mcpUrl.href) {
    throw new UserError(`the metadata is of ${metadata.resource}: give that URL as --mcp`)
  }
  const { clientId, redirectUris } = clientOf(realm, 'agent-app')
  const { accessToken } = await signIn({
    issuer: metadata.authorization_servers[0],
    clientId,
    redirectUri: redirectUris[0] ?? '',
    username,
    password: user.password,
    scopes: scopes ?? metadata.scopes_supported,
    resource: metadata.resource,
    fetch,
    traceparent: newTraceparent(),
  })
  return accessToken
}

async function metadataOf(mcpUrl: URL): Promise<z.infer<typeof Metadata>> {
  const url = metadataUrlOf({ mcpUrl: mcpUrl.href })
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return Metadata.parse(await response.json())
  } catch (cause) {
    throw new UserError(
      `${url} has no metadata of a protected MCP server: check --mcp; patterns before p05 take no token`,
      { cause },
    )
  }
}
