import { beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { userOf } from '../../scenario/realm/lookup.ts'
import type { AdminApi } from './admin-api.ts'
import { keycloakAdmin } from './keycloak-admin.ts'

const realm = readRealm()
const sub = (name: string) => userOf(realm, name).sub
const named = (name: string) => ({ id: `id-of-${name}`, name })

/** A realm as Keycloak's administration shows it, with what was sent to it beside reading. */
class FakeApi {
  readonly sent: string[] = []
  readonly bodies: unknown[] = []
  readonly answers = new Map<string, unknown>()

  async get(path: string): Promise<unknown> {
    if (this.answers.has(path)) return this.answers.get(path)
    const client = /^\/clients\?clientId=(.+)$/.exec(path)?.[1]
    if (client) return [{ id: `id-of-${client}`, enabled: true }]
    if (path.startsWith('/roles/')) return named(path.slice('/roles/'.length))
    if (path === '/client-scopes') return ['to-expenses', 'to-documents', 'act-mcp-server'].map(named)
    const held = /^\/clients\/id-of-(.+)\/optional-client-scopes$/.exec(path)?.[1]
    if (held) {
      const scopes = realm.clients.find(({ clientId }) => clientId === held)?.optionalScopes ?? []
      return scopes.map(({ name }) => named(name))
    }
    const roles = /^\/users\/(.+)\/role-mappings\/realm$/.exec(path)?.[1]
    if (roles) return realm.users.find((user) => user.sub === roles)?.roles.map(named)
    const own = realm.clients.find(({ clientId }) => path === `/clients/id-of-${clientId}`)
    if (own) return { id: path, enabled: own.enabled }
    return { id: path, enabled: true, attributes: { department: ['engineering'] } }
  }

  async send(method: string, path: string, body?: unknown): Promise<Response> {
    this.sent.push(`${method} ${path}`)
    this.bodies.push(body)
    return new Response()
  }
}

let api: FakeApi
const admin = () => keycloakAdmin(api as unknown as AdminApi, realm)
beforeEach(() => {
  api = new FakeApi()
})

describe('a user', () => {
  it('is signed out everywhere', async () => {
    await admin().endSessions('alice')
    expect(api.sent).toEqual([`POST /users/${sub('alice')}/logout`])
  })

  it('is disabled with all that Keycloak knows of them: what is left out would be taken away', async () => {
    await admin().setUserEnabled('alice', false)
    const path = `/users/${sub('alice')}`
    expect(api.sent).toEqual([`PUT ${path}`])
    expect(api.bodies).toEqual([{ id: path, enabled: false, attributes: { department: ['engineering'] } }])
  })

  it('who is enabled already is left alone', async () => {
    await admin().setUserEnabled('alice', true)
    expect(api.sent).toEqual([])
  })

  it('gets the missing roles, loses the others, and keeps those that are not the lab’s', async () => {
    const path = `/users/${sub('alice')}/role-mappings/realm`
    api.answers.set(path, [named('admin'), named('default-roles-agent-auth')])
    await admin().setRoles('alice', ['user'])
    expect(api.sent).toEqual([`DELETE ${path}`, `POST ${path}`])
    expect(api.bodies).toEqual([[named('admin')], [named('user')]])
  })

  it('who has these roles is left alone', async () => {
    await admin().setRoles('alice', ['admin'])
    expect(api.sent).toEqual([])
  })

  it('takes a consent back where one was given', async () => {
    const path = `/users/${sub('bob')}/consents`
    api.answers.set(path, [{ clientId: 'agent-app-asking' }])
    await admin().revokeConsent('bob', 'agent-app')
    expect(api.sent).toEqual([])
    await admin().revokeConsent('bob', 'agent-app-asking')
    expect(api.sent).toEqual([`DELETE ${path}/agent-app-asking`])
  })
})

describe('a client', () => {
  it('is disabled by the id that it has there', async () => {
    api.answers.set('/clients/id-of-mcp-server', { id: 'id-of-mcp-server', enabled: true, secret: 's' })
    await admin().setClientEnabled('mcp-server', false)
    expect(api.sent).toEqual(['PUT /clients/id-of-mcp-server'])
    expect(api.bodies).toEqual([{ id: 'id-of-mcp-server', enabled: false, secret: 's' }])
  })

  it('that the realm does not have is a mistake of its import', async () => {
    api.answers.set('/clients?clientId=mcp-server', [])
    await expect(admin().setClientEnabled('mcp-server', false)).rejects.toThrow(UserError)
  })

  it('gets the missing scopes, and loses the others', async () => {
    const path = '/clients/id-of-rogue-agent/optional-client-scopes'
    api.answers.set(path, [named('to-expenses'), named('act-mcp-server')])
    await admin().setOptionalScopes('rogue-agent', ['to-expenses', 'to-documents'])
    expect(api.sent).toEqual([`DELETE ${path}/id-of-act-mcp-server`, `PUT ${path}/id-of-to-documents`])
  })

  it('gets no scope that the realm does not have', async () => {
    await expect(admin().setOptionalScopes('rogue-agent', ['nonsense'])).rejects.toThrow(/no scope nonsense/)
  })
})

describe('a reset', () => {
  const locks = () => realm.users.map((user) => `DELETE /attack-detection/brute-force/users/${user.sub}`)

  it('looks at all of it the first time, and takes locks away', async () => {
    await admin().reset()
    expect(api.sent).toEqual(locks())
  })

  it('does nothing where nothing was changed since', async () => {
    const one = admin()
    await one.reset()
    api.sent.length = 0
    await one.endSessions('alice')
    api.sent.length = 0
    await one.reset()
    expect(api.sent).toEqual([])
  })

  it.each<[string, (one: ReturnType<typeof admin>) => Promise<void>]>([
    ['a user', (one) => one.setUserEnabled('alice', false)],
    ['roles', (one) => one.setRoles('alice', [])],
    ['a client', (one) => one.setClientEnabled('agent-app', false)],
    ['scopes', (one) => one.setOptionalScopes('rogue-agent', [])],
  ])('looks again after a change of %s', async (_what, change) => {
    const one = admin()
    await one.reset()
    await change(one)
    api.sent.length = 0
    await one.reset()
    expect(api.sent).toEqual(locks())
  })

  it('puts back what the realm file says of users, clients, roles and the scopes of who exchanges', async () => {
    const alice = sub('alice')
    api.answers.set(`/users/${alice}`, { id: alice, enabled: false })
    api.answers.set(`/users/${alice}/role-mappings/realm`, [named('read-only')])
    api.answers.set('/clients/id-of-agent-app', { id: 'agent-app', enabled: false })
    const scopes = '/clients/id-of-rogue-agent/optional-client-scopes'
    api.answers.set(scopes, [named('act-mcp-server'), ...((await api.get(scopes)) as object[])])
    const others = '/clients/id-of-agent-app/optional-client-scopes'
    api.answers.set(others, [named('nonsense')])
    await admin().reset()
    expect(api.sent.filter((line) => !line.includes('brute-force'))).toEqual([
      `PUT /users/${alice}`,
      `DELETE /users/${alice}/role-mappings/realm`,
      `POST /users/${alice}/role-mappings/realm`,
      'PUT /clients/id-of-agent-app',
      `DELETE ${scopes}/id-of-act-mcp-server`,
    ])
  })
})
