import { readRealm } from '../../../scenario/realm/index.ts'
import { discover } from '../../oauth-client/discovery.ts'
import { type SignedIn, signIn } from '../../sign-in/index.ts'
import { tokenExchangeGrant } from '../client-metadata.ts'
import { startEmbeddedIdp } from '../embedded-idp.ts'

/** The parties that the tests play: the application that signs users in, and the clients that exchange. */
export const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
export const redirectUri = 'http://127.0.0.1/callback'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

const realm = readRealm()

export interface TestIdp {
  readonly issuer: string
  readonly tokenUrl: string
  close(): Promise<void>
}

/** The embedded IdP; or, with KEYCLOAK_URL set, the Keycloak there with the same realm file. */
export async function startTestIdp(): Promise<TestIdp> {
  const keycloak = process.env.KEYCLOAK_URL
  const issuer = `${keycloak}/realms/agent-auth`
  if (keycloak) return { issuer, tokenUrl: `${issuer}/protocol/openid-connect/token`, close: async () => {} }
  const idp = await startEmbeddedIdp({ realm, audit: () => {} })
  return { issuer: idp.issuer, tokenUrl: `${idp.issuer}/token`, close: idp.close }
}

export function secretOf(clientId: string): string {
  return realm.clients.find((client) => client.clientId === clientId)?.secret ?? ''
}

export function subOf(username: string): string {
  return realm.users.find((user) => user.username === username)?.sub ?? ''
}

export function signInAs(
  issuer: string,
  username: string,
  options: { clientId?: string; scopes?: readonly string[]; password?: string } = {},
): Promise<SignedIn> {
  const { clientId = 'agent-app', scopes = ['expenses:read'], password = username } = options
  return signIn({
    issuer,
    clientId,
    ...(secretOf(clientId) && { clientSecret: secretOf(clientId) }),
    redirectUri,
    username,
    password,
    scopes,
    fetch,
    traceparent,
  })
}

export interface TokenAnswer {
  readonly status: number
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly scope: string
  readonly refresh_token?: string
  readonly error?: string
  readonly error_description?: string
}

/** A raw request to the token endpoint: tests say what is in it. */
export async function tokenRequest(
  issuer: string,
  parameters: Record<string, string> | [string, string][],
  client?: { id: string; secret?: string; proof?: string },
): Promise<TokenAnswer> {
  const metadata = await discover(issuer, { fetch, traceparent })
  const basic = client && `Basic ${btoa(`${client.id}:${client.secret ?? secretOf(client.id)}`)}`
  const response = await fetch(metadata.token_endpoint ?? '', {
    method: 'POST',
    headers: {
      traceparent,
      ...(basic && { authorization: basic }),
      ...(client?.proof && { dpop: client.proof }),
    },
    body: new URLSearchParams(parameters),
  })
  return { ...((await response.json()) as TokenAnswer), status: response.status }
}

export function exchange(
  issuer: string,
  subjectToken: string,
  parameters: Record<string, string> | [string, string][],
  client: { id: string; secret?: string; proof?: string } = { id: 'mcp-server' },
): Promise<TokenAnswer> {
  const asked = Array.isArray(parameters) ? parameters : Object.entries(parameters)
  const own = {
    grant_type: tokenExchangeGrant,
    subject_token: subjectToken,
    subject_token_type: accessToken,
  }
  const names = asked.map(([name]) => name)
  const defaults = Object.entries(own).filter(([name]) => !names.includes(name))
  return tokenRequest(issuer, [...defaults, ...asked], client)
}
