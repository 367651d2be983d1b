import { describe, expect, it } from 'vitest'
import { readRealm } from '../realm/index.ts'
import { clientOf } from '../realm/lookup.ts'
import { placeFrom } from './native-stack.ts'
import { keycloakSettings, opaUrl, withSecrets } from './settings.ts'

describe('keycloakSettings', () => {
  it.each([
    ['KEYCLOAK_URL', 'localhost:8080'],
    ['KEYCLOAK_URL', 'keycloak'],
    ['KEYCLOAK_ISSUER', 'ftp://127.0.0.1/realms/agent-auth'],
  ])('should refuse %s=%s', (variable, value) => {
    expect(() => keycloakSettings({ [variable]: value })).toThrow(
      new RegExp(`^${variable} is no web address; give one`),
    )
  })

  it('should be the one of pnpm run stack up by default', () => {
    expect(keycloakSettings({})).toEqual({
      url: 'http://127.0.0.1:8080',
      admin: { username: 'admin', password: 'admin' },
      secrets: {},
    })
    expect(opaUrl({})).toBe('http://127.0.0.1:8181')
  })

  it('should be what the environment says', () => {
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

describe('withSecrets', () => {
  it('should replace the secrets that are given, and no other', () => {
    const realm = withSecrets(readRealm(), { secrets: { 'mcp-server': 's3cret' } })
    expect(clientOf(realm, 'mcp-server').secret).toBe('s3cret')
    expect(clientOf(realm, 'rogue-agent')).toEqual(clientOf(readRealm(), 'rogue-agent'))
  })
})

describe('placeFrom', () => {
  it.each([
    { KEYCLOAK_URL: 'http://keycloak.example:8080' },
    { KEYCLOAK_URL: 'https://127.0.0.1:8443' },
    { OPA_URL: 'http://0.0.0.0:8181' },
  ])('should refuse %j, which is not for this machine to start', (env) => {
    expect(() => placeFrom(env)).toThrow(/is not on this machine: unset KEYCLOAK_URL and OPA_URL/)
  })
})
