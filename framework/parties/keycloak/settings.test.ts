import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tokenProfiles } from '@lab/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { keycloakSettings, opaUrl, withSecrets } from './settings.ts'

describe('keycloakSettings', () => {
  it.each([
    ['KEYCLOAK_URL', 'localhost:8080'],
    ['KEYCLOAK_URL', 'keycloak'],
    ['KEYCLOAK_ISSUER', 'ftp://127.0.0.1/realms/agent-auth'],
  ])('refuses %s=%s', (variable, value) => {
    expect(() => keycloakSettings({ [variable]: value })).toThrow(
      new RegExp(`^${variable} is no web address: use one`),
    )
  })

  it('is the one of pnpm run stack up by default', () => {
    expect(keycloakSettings({})).toEqual({
      url: 'http://127.0.0.1:8080',
      admin: { username: 'admin', password: 'admin' },
      secrets: {},
    })
    expect(opaUrl({})).toBe('http://127.0.0.1:8181')
  })

  it('is what the environment says', () => {
    const env = {
      KEYCLOAK_URL: 'http://keycloak:8080/',
      KEYCLOAK_ISSUER: 'http://127.0.0.1:8080/realms/agent-auth',
      MCP_SERVER_CLIENT_SECRET: 's3cret',
      KC_BOOTSTRAP_ADMIN_USERNAME: 'root',
      KC_BOOTSTRAP_ADMIN_PASSWORD: 'pw',
    }
    expect(keycloakSettings(env)).toEqual({
      url: 'http://keycloak:8080',
      issuer: 'http://127.0.0.1:8080/realms/agent-auth',
      admin: { username: 'root', password: 'pw' },
      secrets: { 'mcp-server': 's3cret' },
    })
  })
})

describe('TOKEN_PROFILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'))
  const file = join(folder, 'profile.json')
  afterAll(() => rmSync(folder, { recursive: true }))
  const profileOf = (content: string) => {
    writeFileSync(file, content)
    return keycloakSettings({ TOKEN_PROFILE: file }).profile
  }

  it.each(['entra', 'HS256', 'no/such/file.json'])('refuses %s', (TOKEN_PROFILE) => {
    expect(() => keycloakSettings({ TOKEN_PROFILE })).toThrow(
      /^TOKEN_PROFILE .* cannot be used: (give|ENOENT)/,
    )
  })

  it.each([
    ['{ "algorithms": ["HS256"] }', /needs public-key signature algorithms such as ES256, and has HS256/],
    ['{ "algorithms": ["RS256", "none"] }', /has none/],
    ['{ "algorithms": [] }', /has none at all/],
    ['{ "audiance": "api://{service}" }', /audiance/],
    ['{ "audience": "everybody" }', /audience/],
    ['{ "audience": { "expenses": "a" } }', /documents|audience/],
    ['{ "type": "ID" }', /type/],
    ['{ "user": "" }', /user/],
    ['{ "like": "google" }', /like/],
    ['{ "like": "auth0", "scopes": "sub" }', /needs scopes in a claim that ID tokens do not have/],
    ['{ "client": "sub" }', /one claim for user and client/],
    ['{ "audienceIn": "sub" }', /the audience in a claim of its own/],
    ['{ "maxAge": 0 }', /maxAge/],
    ['{ "maxAge": 1e9 }', /maxAge/],
    ['{ "maxAge": "1h" }', /maxAge/],
    ['{ "fixed": { "token_use": 7 } }', /fixed/],
    ['[', /JSON/],
  ])('refuses a file with %s, in one line', (content, why) => {
    expect(() => profileOf(content)).toThrow(UserError)
    expect(() => profileOf(content)).toThrow(why)
    expect(() => profileOf(content)).not.toThrow(/\n/)
  })

  it('is a named one', () => {
    expect(keycloakSettings({ TOKEN_PROFILE: 'okta' }).profile).toBe(tokenProfiles.okta)
  })

  it('is what differs from a named one', () => {
    expect(profileOf('{ "type": "JWT", "audience": "https://{service}.example" }')).toEqual({
      ...tokenProfiles.keycloak,
      type: 'JWT',
      audience: 'https://{service}.example',
    })
    const audience = { expenses: 'a', documents: 'b', directory: 'c', 'mcp-server': 'd' }
    expect(profileOf(JSON.stringify({ like: 'entra-v2', roles: 'groups', audience }))).toEqual({
      ...tokenProfiles['entra-v2'],
      roles: 'groups',
      audience,
    })
  })
})

it('TOKEN_PROFILE may say that tokens have no id, and where else they say what', () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'))
  const file = join(folder, 'profile.json')
  const differences = { audienceIn: 'client_id', fixed: { token_use: 'access' }, maxAge: 7200 }
  writeFileSync(file, JSON.stringify({ like: 'rfc9068', tokenId: null, ...differences }))
  const { tokenId: _, ...rfc9068 } = tokenProfiles.rfc9068
  expect(keycloakSettings({ TOKEN_PROFILE: file }).profile).toStrictEqual({ ...rfc9068, ...differences })
  rmSync(folder, { recursive: true })
})

describe('withSecrets', () => {
  it('replaces the secrets that are given, and no other', () => {
    const realm = withSecrets(readRealm(), { secrets: { 'mcp-server': 's3cret' } })
    expect(clientOf(realm, 'mcp-server').secret).toBe('s3cret')
    expect(clientOf(realm, 'rogue-agent')).toEqual(clientOf(readRealm(), 'rogue-agent'))
  })
})
