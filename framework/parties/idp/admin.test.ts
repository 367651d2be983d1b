import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { exchange, signInAs, tokenRequest } from './testing/client.ts'

let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())
afterEach(() => idp.admin.reset())

const good = { audience: 'expenses', scope: 'expenses:read' }
const invalidToken = { status: 400, error: 'invalid_request', error_description: 'Invalid token' }
const refresh = (token = '') =>
  tokenRequest(issuer, { grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: token })

describe('an administrator', () => {
  it('ends all sessions of one user', async () => {
    const [first, second, other] = [
      await signInAs(issuer, 'alice'),
      await signInAs(issuer, 'alice'),
      await signInAs(issuer, 'bob'),
    ]
    await idp.admin.endSessions('alice')
    for (const { accessToken, refreshToken } of [first, second]) {
      expect(await exchange(issuer, accessToken, good)).toMatchObject(invalidToken)
      expect(await refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
    }
    expect((await exchange(issuer, other.accessToken, good)).status).toBe(200)
  })

  it('disables a user: no exchange, no refresh, until enabled again', async () => {
    const session = await signInAs(issuer, 'alice')
    await idp.admin.setUserEnabled('alice', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
    expect(await refresh(session.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
    await idp.admin.setUserEnabled('alice', true)
    expect((await exchange(issuer, session.accessToken, good)).status).toBe(200)
  })

  it('disables the client that asks, while others go on', async () => {
    const session = await signInAs(issuer, 'alice')
    const rogue = await signInAs(issuer, 'alice', { clientId: 'rogue-agent' })
    await idp.admin.setClientEnabled('mcp-server', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject({
      status: 401,
      error: 'invalid_client',
    })
    const scope = 'expenses:read to-expenses'
    const others = await exchange(issuer, rogue.accessToken, { ...good, scope }, { id: 'rogue-agent' })
    expect(others.status).toBe(200)
  })

  it('disables the client that the session belongs to, and the audience', async () => {
    const session = await signInAs(issuer, 'alice')
    await idp.admin.setClientEnabled('expenses', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject({
      status: 400,
      error: 'invalid_client',
      error_description: 'Client disabled',
    })
    await idp.admin.setClientEnabled('agent-app', false)
    expect(await exchange(issuer, session.accessToken, good)).toMatchObject(invalidToken)
    expect(await refresh(session.refreshToken)).toMatchObject({ status: 401, error: 'invalid_client' })
  })

  it('takes a role away in mid-session: the next token is without it', async () => {
    const session = await signInAs(issuer, 'alice')
    expect(decodeJwt(session.accessToken).roles).toEqual(['admin'])
    await idp.admin.setRoles('alice', ['user'])
    const roles = async () =>
      decodeJwt((await exchange(issuer, session.accessToken, good)).access_token).roles
    expect(await roles()).toEqual(['user'])
    expect(decodeJwt((await refresh(session.refreshToken)).access_token).roles).toEqual(['user'])
    await idp.admin.setRoles('alice', [])
    expect(await roles()).toBeUndefined()
    await idp.admin.reset()
    expect(await roles()).toEqual(['admin'])
  })

  it('lets a client ask for more, until the realm is put back', async () => {
    const session = await signInAs(issuer, 'alice', { clientId: 'rogue-agent' })
    const scope = 'expenses:read to-expenses act-mcp-server'
    const ask = () => exchange(issuer, session.accessToken, { ...good, scope }, { id: 'rogue-agent' })
    const refused = { status: 400, error: 'invalid_scope' }
    expect(await ask()).toMatchObject(refused)
    await idp.admin.setOptionalScopes('rogue-agent', scope.split(' '))
    const { status, access_token } = await ask()
    expect(status).toBe(200)
    expect(decodeJwt(access_token).act).toEqual({ sub: 'mcp-server' })
    await idp.admin.reset()
    expect(await ask()).toMatchObject(refused)
  })

  it('cannot change what the realm does not have', async () => {
    await expect(idp.admin.setRoles('carol', ['admin'])).rejects.toThrow('no user carol')
    await expect(idp.admin.endSessions('carol')).rejects.toThrow('no user carol')
    await expect(idp.admin.setClientEnabled('stranger', false)).rejects.toThrow('no client stranger')
    await expect(idp.admin.setOptionalScopes('rogue-agent', ['x'])).rejects.toThrow('no scope x')
  })
})
