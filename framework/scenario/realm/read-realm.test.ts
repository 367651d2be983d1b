import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { audiencesOf, defaultRealmFile, readRealm } from './index.ts'
import { scopesAskedFor } from './lookup.ts'

const folder = mkdtempSync(join(tmpdir(), 'realm-'))
afterAll(() => rmSync(folder, { recursive: true }))

// biome-ignore lint/suspicious/noExplicitAny: the tests break the file in ways that no type allows
type Json = any

/** Reads the realm file after a change to it. */
function readChanged(change: (realm: Json) => void) {
  const realm: Json = JSON.parse(readFileSync(defaultRealmFile, 'utf8'))
  change(realm)
  return readText(JSON.stringify(realm))
}

function readText(text: string) {
  const file = join(folder, 'realm.json')
  writeFileSync(file, text)
  return readRealm(file)
}

const client = (realm: Json, id: string) => realm.clients.find((each: Json) => each.clientId === id)
const scope = (realm: Json, name: string) => realm.clientScopes.find((each: Json) => each.name === name)

describe('readRealm refuses, in one line that says where and what to do,', () => {
  const invalid: [string, (realm: Json) => void, RegExp][] = [
    ['a file without users', (realm) => delete realm.users, /: users: is missing/],
    ['a user without an id', (realm) => delete realm.users[0].id, /: users\[0\]\.id: /],
    ['an id that is no UUID', (realm) => (realm.users[0].id = 'alice'), /: users\[0\]\.id: .*UUID/],
    ['a user without a password', (realm) => (realm.users[1].credentials = []), /: users\[1\]\.credentials/],
    [
      'a one-time code without a secret',
      (realm) => (realm.users[0].credentials[1].secretData = '{}'),
      /users\[0\]\.credentials\[1\]\.secretData\.value/,
    ],
    [
      'a role that the lab does not have',
      (realm) => realm.users[0].realmRoles.push('root'),
      /realmRoles\[1\]/,
    ],
    ['a user twice', (realm) => realm.users.push(realm.users[0]), /: users: alice is there twice/],
    [
      'two users with one id',
      (realm) => (realm.users[1].id = realm.users[0].id),
      /: users: a11ce000-.* is there twice/,
    ],
    [
      'a manager who is no user',
      (realm) => (realm.users[0].attributes.reports_to = ['carol']),
      /there is no user carol/,
    ],
    [
      'a confidential client without a secret',
      (realm) => delete client(realm, 'mcp-server').secret,
      /clients\[\d\] \(mcp-server\): a confidential client needs a secret/,
    ],
    [
      'a web origin that stands for any',
      (realm) => (client(realm, 'agent-app').webOrigins = ['*']),
      /webOrigins\[0\]: not an origin/,
    ],
    [
      'a web origin with a path',
      (realm) => (client(realm, 'agent-app').webOrigins = ['http://127.0.0.1/']),
      /webOrigins\[0\]: not an origin/,
    ],
    [
      'a sign-in without a redirect URI',
      (realm) => (client(realm, 'agent-app').redirectUris = []),
      /\(agent-app\): .*redirectUris/,
    ],
    [
      'a client that signs and has no key',
      (realm) => (client(realm, 'mcp-server').clientAuthenticatorType = 'client-jwt'),
      /\(mcp-server\): clientAuthenticatorType client-jwt needs jwks\.string/,
    ],
    [
      'a client that asks and gets no roles',
      (realm) => delete client(realm, 'agent-app-asking').fullScopeAllowed,
      /\(agent-app-asking\): consentRequired needs fullScopeAllowed/,
    ],
    [
      'plain PKCE',
      (realm) => (client(realm, 'agent-app').attributes['pkce.code.challenge.method'] = 'plain'),
      /S256/,
    ],
    [
      'a lifespan that is no number of seconds',
      (realm) => (client(realm, 'mcp-server').attributes['access.token.lifespan'] = '-1'),
      /access\.token\.lifespan/,
    ],
    [
      'a scope that does not exist',
      (realm) => client(realm, 'mcp-server').optionalClientScopes.push('act-nobody'),
      /optionalClientScopes: there is no client scope act-nobody/,
    ],
    [
      'an audience that is no client',
      (realm) => (scope(realm, 'to-expenses').protocolMappers[0].config['included.client.audience'] = 'x'),
      /clientScopes \(to-expenses\): there is no client x/,
    ],
    [
      'a mapper that the embedded IdP does not know',
      (realm) => (scope(realm, 'to-expenses').protocolMappers[0].protocolMapper = 'oidc-script-mapper'),
      /clientScopes\[\d+\]\.protocolMappers\[0\]\.protocolMapper/,
    ],
    [
      'a claim that is not JSON',
      (realm) => (scope(realm, 'act-mcp-server').protocolMappers[0].config['claim.value'] = '{sub'),
      /claim\.value: not JSON/,
    ],
  ]
  it.each(invalid)('%s', (_, change, reason) => {
    expect(() => readChanged(change)).toThrow(UserError)
    expect(() => readChanged(change)).toThrow(reason)
    expect(() => readChanged(change)).toThrow(/^realm file .*; fix it, or restore it with git$/)
  })

  it('a file that is not there, or not JSON', () => {
    expect(() => readRealm('/nowhere/realm.json')).toThrow(/cannot be read \(ENOENT\)/)
    expect(() => readText('{ "realm": ')).toThrow(/not JSON/)
    expect(() => readText('[]')).toThrow(UserError)
  })

  it('never with a secret in it', () => {
    const secret = (realm: Json) => (client(realm, 'mcp-server').secret = ['hunter2'])
    expect(() => readChanged(secret)).toThrow(/^(?!.*hunter2).*secret/)
  })
})

describe('readRealm', () => {
  const realm = readRealm()

  it('gives the users with what the directory needs', () => {
    expect(realm.users.map(({ password, otpSecret, ...user }) => user)).toEqual([
      {
        sub: 'a11ce000-0000-4000-8000-000000000001',
        username: 'alice',
        enabled: true,
        roles: ['admin'],
        department: 'engineering',
        manager: 'bob',
      },
      {
        sub: 'b0b00000-0000-4000-8000-000000000002',
        username: 'bob',
        enabled: true,
        roles: ['user'],
        department: 'engineering',
      },
      {
        sub: 'da7e0000-0000-4000-8000-000000000003',
        username: 'dave',
        enabled: true,
        roles: ['read-only'],
        department: 'platform',
      },
    ])
  })

  it('gives the clients as Keycloak understands them', () => {
    const facts = realm.clients
      .filter(({ enabled, secret, keys, public: isPublic }) => enabled && (secret || keys || isPublic))
      .map((each) => [
        each.clientId,
        each.public,
        each.signIn,
        each.tokenExchange,
        each.pkce,
        each.tokenLifespan,
      ])
    expect(facts).toEqual([
      ['agent-app', true, true, false, true, 300],
      ['agent-app-asking', true, true, false, true, 300],
      ['mcp-server', false, false, true, false, 60],
      ['nightly-job', false, false, false, false, 60],
      ['nightly-workload', true, false, false, false, 60],
      ['rogue-agent', false, true, true, true, 300],
      ['api-docs', true, true, false, true, 300],
    ])
    expect(realm.rotateRefreshTokens).toBe(true)
  })

  it('tells which audiences the scopes of a client add', () => {
    const added = (id: string) => {
      const found = realm.clients.find(({ clientId }) => clientId === id)
      return [found?.defaultScopes.flatMap(audiencesOf), found?.optionalScopes.flatMap(audiencesOf)]
    }
    expect(added('agent-app')).toEqual([['mcp-server'], []])
    expect(added('mcp-server')).toEqual([['expenses', 'documents', 'directory'], []])
    expect(added('rogue-agent')).toEqual([['rogue-agent'], ['expenses', 'documents', 'directory']])
    expect(added('api-docs')).toEqual([[], ['expenses', 'documents', 'directory']])
  })

  it('tells which client asks its user, and for what', () => {
    const asked = realm.clients.map((each) => [each.clientId, scopesAskedFor(each)] as const)
    expect(asked.filter(([, scopes]) => scopes.length > 0)).toEqual([
      ['agent-app-asking', ['expenses:approve', 'users:manage']],
    ])
  })

  it('fills in what Keycloak takes for granted', () => {
    const changed = readChanged((file) => {
      delete client(file, 'mcp-server').attributes['access.token.lifespan']
      delete client(file, 'mcp-server').attributes['access.token.header.type.rfc9068']
      delete file.revokeRefreshToken
      file.accessTokenLifespan = 120
    })
    expect(changed.rotateRefreshTokens).toBe(false)
    expect(changed.clients.find(({ clientId }) => clientId === 'mcp-server')).toMatchObject({
      tokenLifespan: 120,
      tokenType: 'JWT',
    })
  })
})
