import { type Listener, listen } from '@lab/services'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { checkKeycloak } from './keycloak-check.ts'
import { keycloakSettings, withSecrets } from './settings.ts'

/** A stand-in for Keycloak: what it says of itself, and what its token endpoint answers. */
let keycloak: Listener
let elsewhere: Listener
let metadata: () => Response
let token: () => Response
let asked: { readonly authorization: string | null; readonly form: URLSearchParams }[]
let strayed: number

beforeAll(async () => {
  keycloak = await listen()
  elsewhere = await listen()
  elsewhere.serve(() => {
    strayed++
    return new Response()
  })
  keycloak.serve(async (request) => {
    if (request.method === 'GET') return metadata()
    asked.push({
      authorization: request.headers.get('authorization'),
      form: new URLSearchParams(await request.text()),
    })
    return token()
  })
})
afterAll(() => Promise.all([keycloak.close(), elsewhere.close()]))

const realm = readRealm()
const scopes_supported = [
  ...new Set(
    realm.clients.flatMap(({ defaultScopes, optionalScopes }) =>
      [...defaultScopes, ...optionalScopes].map(({ name }) => name),
    ),
  ),
]
const issuer = () => `${keycloak.url}/realms/agent-auth`
const said = () => ({ issuer: issuer(), token_endpoint: `${keycloak.url}/token`, scopes_supported })

beforeEach(() => {
  metadata = () => Response.json(said())
  token = () => Response.json({ error: 'invalid_request' }, { status: 400 })
  asked = []
  strayed = 0
})

const check = (env: Record<string, string> = {}) => {
  const settings = keycloakSettings({ KEYCLOAK_URL: keycloak.url, ...env })
  return checkKeycloak(settings, withSecrets(realm, settings))
}

describe('a Keycloak is refused, in one line that says what to do,', () => {
  it.each<[string, () => Response, RegExp]>([
    [
      'that calls itself otherwise',
      () => Response.json({ ...said(), issuer: 'http://x' }),
      /calls itself http:\/\/x/,
    ],
    ['without the realm', () => new Response('', { status: 404 }), /has no realm agent-auth: import/],
    ['that is none', () => new Response('<html>'), /is no Keycloak \(HTTP 200\): correct KEYCLOAK_URL/],
    ['that is broken', () => Response.json(said(), { status: 500 }), /is no Keycloak \(HTTP 500\)/],
    ['without an issuer', () => Response.json({ ...said(), issuer: 1 }), /is no Keycloak/],
    ['without a token endpoint', () => Response.json({ ...said(), token_endpoint: null }), /is no Keycloak/],
    ['without scopes', () => Response.json({ ...said(), scopes_supported: 'openid' }), /is no Keycloak/],
    ['that says nothing', () => Response.json(null), /is no Keycloak/],
    [
      'whose realm lacks a scope',
      () =>
        Response.json({
          ...said(),
          scopes_supported: scopes_supported.filter((name) => name !== 'to-expenses'),
        }),
      /no client scope to-expenses\): delete it there/,
    ],
    ['that sends on', () => Response.redirect(elsewhere.url, 302), /no Keycloak answers at/],
  ])('%s', async (_what, answer, why) => {
    metadata = answer
    const failure = await check().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect((failure as Error).message).toMatch(why)
    expect(asked).toEqual([])
    expect(strayed).toBe(0)
  })

  it('that does not take the secret of the MCP server', async () => {
    token = () => Response.json({ error: 'unauthorized_client' }, { status: 401 })
    await expect(check()).rejects.toThrow(/refuses mcp-server: a wrong secret.*MCP_SERVER_CLIENT_SECRET/)
  })

  it('that is not there', async () => {
    const gone = await listen()
    await gone.close()
    await expect(check({ KEYCLOAK_URL: gone.url })).rejects.toThrow(/no Keycloak answers at .*: start one/)
  })
})

it('a secret goes to the token endpoint and no further', async () => {
  token = () => new Response(null, { status: 307, headers: { location: elsewhere.url } })
  await expect(check()).rejects.toThrow(/no Keycloak answers/)
  expect(strayed).toBe(0)
})

it('the realm is right: its issuer is given, after an exchange of nothing with the secret of the environment', async () => {
  expect(await check({ MCP_SERVER_CLIENT_SECRET: 'a b:c' })).toBe(issuer())
  const [{ authorization, form } = { authorization: null, form: undefined }] = asked
  expect(authorization).toBe(`Basic ${btoa('mcp-server:a%20b%3Ac')}`)
  expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:token-exchange')
})

it('may have another name than its address, where the environment says so', async () => {
  metadata = () => Response.json({ ...said(), issuer: 'http://keycloak.example/realms/agent-auth' })
  const named = 'http://keycloak.example/realms/agent-auth'
  expect(await check({ KEYCLOAK_ISSUER: named })).toBe(named)
})
