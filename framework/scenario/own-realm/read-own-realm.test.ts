import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { defaultRealmFile, readRealm } from '../realm/index.ts'
import { clientOf, userOf } from '../realm/lookup.ts'
import { completedRealm, readOwnRealm } from './read-own-realm.ts'

const folder = mkdtempSync(join(tmpdir(), 'own-realm-'))
afterAll(() => rmSync(folder, { recursive: true }))

const exported = (name: string) => fileURLToPath(new URL(`testing/exports/${name}.json`, import.meta.url))
const kinds = ['full-export', 'partial-export', 'users-without-ids', 'no-client-scopes', 'old-keycloak']

// biome-ignore lint/suspicious/noExplicitAny: the tests break the file in ways that no type allows
type Json = any

function written(json: unknown): string {
  const file = join(folder, 'realm.json')
  writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json))
  return file
}

/** Reads the lab's own realm as somebody else's, after a change to it. */
function readChanged(change: (realm: Json) => void) {
  const realm: Json = JSON.parse(readFileSync(defaultRealmFile, 'utf8'))
  change(realm)
  return readOwnRealm(written(realm), ['attack'])
}

function problemsOf(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    return (error as Error).message.split('\n')
  }
  throw new Error('nothing was refused')
}

const client = (realm: Json, id: string) => realm.clients.find((each: Json) => each.clientId === id)
const user = (realm: Json, name: string) => realm.users.find((each: Json) => each.username === name)
const scope = (realm: Json, name: string) => realm.clientScopes.find((each: Json) => each.name === name)

describe('an export of somebody else is refused with all problems at once, each with place and remedy:', () => {
  const expected: Record<string, readonly [count: number, ...lines: RegExp[]]> = {
    'full-export': [
      10,
      /users\[0\] \(alice\)\.credentials: the password is a hash, .*: write \{ "type": "password"/,
      /users\[0\] \(alice\)\.attributes\.department: missing, .*: write \["engineering"\]/,
      /users: no user bob, .*: add the user/,
      /clients: no client mcp-server, which exchanges tokens: copy it from keycloak\/agent-auth-realm\.json/,
    ],
    'partial-export': [
      24,
      /clients\[1\] \(mcp-server\)\.secret: Keycloak masked the secret/,
      /clients\[0\] \(agent-app\)\.redirectUris: http:\/\/127\.0\.0\.1\/callback is not among them: add it/,
      /clients\[1\] \(mcp-server\)\.protocolMappers: its tokens lack audience documents: add a mapper oidc-audience/,
      /clientScopes\[2\] \(expenses:read\)\.attributes\.include\.in\.token\.scope: must be "true"/,
    ],
    'users-without-ids': [
      6,
      /users\[1\] \(bob\)\.credentials: there is no password/,
      /users\[2\] \(dave\)\.enabled: must be true/,
      /users\[2\] \(dave\)\.realmRoles: none of the roles admin, user, read-only/,
    ],
    'no-client-scopes': [
      17,
      /clients\[0\] \(agent-app\)\.protocolMappers: its tokens lack audience mcp-server/,
      /clients\[1\] \(mcp-server\)\.optionalClientScopes: no scope act-mcp-server/,
    ],
    'old-keycloak': [1, /users\[0\] \(alice\)\.credentials: the password is a hash/],
  }
  it.each(kinds)('%s', (kind) => {
    const [count, ...lines] = expected[kind] ?? [0]
    const [header, ...said] = problemsOf(() => readOwnRealm(exported(kind)))
    expect(header).toMatch(new RegExp(`^realm file .*${kind}\\.json has ${count} problems?$`))
    expect(said.filter((line) => line.startsWith('  '))).toHaveLength(count)
    for (const line of lines) expect(said.join('\n')).toMatch(line)
    expect(said.at(-1)).toMatch(/^pnpm run new --realm \.\/ready\.json --from .* writes a copy/)
  })

  it.each(kinds)('%s, completed, is a realm that the lab runs on', (kind) => {
    const uses = ['attack', 'consent', 'docs'] as const
    const { json, changes } = completedRealm(exported(kind), uses)
    expect(changes.length).toBeGreaterThan(0)
    const { realm, madeIds } = readOwnRealm(written(json), uses)
    expect(madeIds).toEqual([])
    expect(userOf(realm, 'alice').department).toBe('engineering')
    expect(completedRealm(written(json), uses).changes).toEqual([])
    // What its owner wrote stays.
    expect(json).toMatchObject({ realm: JSON.parse(readFileSync(exported(kind), 'utf8')).realm })
  })
})

describe('readOwnRealm', () => {
  it('reads the lab’s own realm as the lab does, without the parts that nobody uses', () => {
    const lab = readRealm()
    const { realm, notes } = readChanged(() => {})
    const names = realm.clients.map(({ clientId }) => clientId)
    expect(names).toEqual(expect.arrayContaining(['agent-app', 'mcp-server', 'rogue-agent', 'expenses']))
    expect(names).not.toContain('account')
    expect(realm).toEqual({ ...lab, clients: lab.clients.filter(({ clientId }) => names.includes(clientId)) })
    expect(notes.join('\n')).toMatch(
      /not used: .*authenticationFlows.*\n.*not used: clients agent-app-asking, api-docs/,
    )
  })

  it('makes an id that is missing, the same each time, and says so', () => {
    const read = () => readChanged((realm) => delete user(realm, 'bob').id)
    const { realm, madeIds, notes } = read()
    expect(madeIds).toEqual(['bob'])
    expect(notes[0]).toMatch(/made users\[1\] \(bob\)\.id$/)
    expect(userOf(realm, 'bob').sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8/)
    expect(read().realm.users).toEqual(realm.users)
    expect(userOf(realm, 'alice').sub).not.toBe(userOf(realm, 'bob').sub)
  })

  it('finds roles that a group or a composite role gives, as Keycloak does', () => {
    const { realm } = readChanged((file) => {
      file.groups = [{ name: 'company', realmRoles: ['staff'], subGroups: [{ name: 'it' }] }]
      file.roles.realm.push({ name: 'staff', composites: { realm: ['user', 'staff'] } })
      Object.assign(user(file, 'bob'), { realmRoles: ['offline_access'], groups: ['/company/it'] })
    })
    expect(userOf(realm, 'bob').roles).toEqual(['user'])
  })

  it('finds mappers that belong to a client itself, and says which ones it does not know', () => {
    const { realm, notes } = readChanged((file) => {
      const agent = client(file, 'agent-app')
      agent.defaultClientScopes = ['basic', 'roles']
      agent.protocolMappers = [
        ...scope(file, 'to-mcp-server').protocolMappers,
        { name: 'my script', protocolMapper: 'oidc-script-mapper', config: {} },
      ]
    })
    const names = clientOf(realm, 'agent-app').defaultScopes.map(({ name }) => name)
    expect(names).toEqual(['basic', 'roles', 'agent-app-dedicated'])
    expect(notes.join('\n')).toMatch(/not used: mappers agent-app-dedicated\/my script/)
  })

  it('gives an export from before the scope basic what Keycloak gives it', () => {
    const before = (version: string) => (file: Json) => {
      file.keycloakVersion = version
      file.clientScopes = file.clientScopes.filter((each: Json) => each.name !== 'basic')
      for (const each of file.clients) {
        if (!each.defaultClientScopes) continue
        each.defaultClientScopes = each.defaultClientScopes.filter((name: string) => name !== 'basic')
      }
    }
    expect(readChanged(before('24.0.5')).notes.join('\n')).toMatch(/made client scope basic/)
    expect(problemsOf(() => readChanged(before('26.0.0'))).join('\n')).toMatch(
      /\(agent-app\).*lack claim sub/,
    )
  })

  it('leaves an address with a wildcard out, and a user of whom too little is known', () => {
    const { realm, notes } = readChanged((file) => {
      client(file, 'agent-app').redirectUris.push('*', '/x/*', 'http://127.0.0.1/*')
      client(file, 'agent-app').webOrigins = ['+', '*']
      file.users.push({ username: 'zoe', enabled: true })
    })
    expect(clientOf(realm, 'agent-app').redirectUris).toEqual(['http://127.0.0.1/callback'])
    expect(clientOf(realm, 'agent-app').webOrigins).toEqual([])
    expect(realm.users.map(({ username }) => username)).toEqual(['alice', 'bob', 'dave'])
    expect(notes.join('\n')).toMatch(
      /not used: users without .*: zoe\n.*wildcard: agent-app \*, agent-app \/x\/\*/,
    )
  })

  it.each<[string, (realm: Json) => void, RegExp]>([
    [
      'a client is off',
      (realm) => (client(realm, 'mcp-server').enabled = false),
      /\(mcp-server\)\.enabled: must be true/,
    ],
    [
      'the attacker’s client is missing',
      (realm) => realm.clients.splice(realm.clients.indexOf(client(realm, 'rogue-agent')), 1),
      /no client rogue-agent, which the attacker holds/,
    ],
    [
      'the agent’s client asks for consent',
      (realm) => (client(realm, 'agent-app').consentRequired = true),
      /\(agent-app\)\.consentRequired: must be false/,
    ],
    [
      'a client leaves roles out of its tokens',
      (realm) => (client(realm, 'agent-app').fullScopeAllowed = false),
      /\(agent-app\)\.fullScopeAllowed: must be true/,
    ],
    [
      'a client proves itself otherwise',
      (realm) => (client(realm, 'mcp-server').clientAuthenticatorType = 'client-x509'),
      /clientAuthenticatorType: the lab proves itself with a secret/,
    ],
    [
      'a scope names nothing',
      (realm) => client(realm, 'agent-app').optionalClientScopes.push('ghost'),
      /\(agent-app\): there is no client scope ghost: take the name out/,
    ],
    [
      'a scope lost its claim',
      (realm) => (scope(realm, 'act-mcp-server').protocolMappers = []),
      /\(act-mcp-server\)\.protocolMappers: a token with this scope lacks claim act/,
    ],
    ['a user is there twice', (realm) => realm.users.push(user(realm, 'bob')), /users: bob is there twice/],
    [
      'a client is there twice',
      (realm) => realm.clients.push(client(realm, 'expenses')),
      /clients: expenses is there/,
    ],
    [
      'a manager is no user',
      (realm) => (user(realm, 'alice').attributes.reports_to = ['carol']),
      /\(alice\)\.attributes\.reports_to: there is no user carol/,
    ],
    ['a lifetime is none', (realm) => (realm.accessTokenLifespan = -1), /accessTokenLifespan: .*correct it/],
    [
      'a lifetime of a client is none',
      (realm) => (client(realm, 'mcp-server').attributes['access.token.lifespan'] = 'soon'),
      /clients\[2\] \(mcp-server\)\.attributes\.access\.token\.lifespan: /,
    ],
    [
      'PKCE is plain',
      (realm) => (client(realm, 'agent-app').attributes['pkce.code.challenge.method'] = 'plain'),
      /\(agent-app\)\.attributes\.pkce\.code\.challenge\.method: .*S256/,
    ],
    ['a list is none', (realm) => (realm.users = 'alice'), / users: .*(list|array)/],
    ['an element is none', (realm) => (realm.clients[3] = 7), / clients\[3\]: .*object/],
  ])('says that %s', (_what, change, line) => {
    const lines = problemsOf(() => readChanged(change))
    expect(lines.filter((each) => line.test(each))).toHaveLength(1)
  })

  it('refuses a file that is not there or no JSON in one line', () => {
    expect(problemsOf(() => readOwnRealm('/nowhere/realm.json'))).toEqual([
      expect.stringMatching(/^realm file .*: cannot be read \(ENOENT\): name a JSON export/),
    ])
    expect(problemsOf(() => readOwnRealm(written('{ "secret": "hunter2", ')))).toEqual([
      expect.stringMatching(/^(?!.*hunter2).*not JSON/),
    ])
  })

  it('refuses a list of realms in one line', () => {
    expect(problemsOf(() => readOwnRealm(written([{ realm: 'master' }, {}])))).toEqual([
      expect.stringMatching(/a list of 2 realms: export one alone/),
    ])
  })

  it('repeats no secret, and commands no terminal', () => {
    const lines = problemsOf(() =>
      readChanged((realm) => {
        client(realm, 'mcp-server').secret = ['hunter2']
        user(realm, 'alice').credentials = [{ type: 'password', value: 7 }]
        client(realm, 'agent-app').optionalClientScopes.push('\u001b[2J')
      }),
    ).join('\n')
    expect(lines).not.toContain('hunter2')
    expect(lines).not.toContain('\u001b')
  })
})
