import { EventEmitter } from 'node:events'
import { decodeJwt } from 'jose'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { signOut } from '../sign-in/index.ts'
import { recordGrants } from './audit.ts'
import { type IdentityProvider, type IdpRecord, startEmbeddedIdp } from './index.ts'
import { LiveRealm } from './live-realm.ts'
import { exchange, signInAs, traceparent } from './testing/client.ts'
import { Unrecorded } from './unrecorded.ts'

const records: IdpRecord[] = []
let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: (record) => records.push(record) })
  issuer = idp.issuer
})
afterAll(() => idp.close())

const good = { audience: 'expenses', scope: 'expenses:read' }

describe('the records of the IdP', () => {
  const trace = traceparent.split('-')[1]
  const last = () => records.at(-1)

  it('tell who was refused a login and why, though the page does not', async () => {
    await signInAs(issuer, 'alice', { password: 'hunter2' }).catch(() => {})
    const refused = {
      trace,
      service: 'idp',
      action: 'login',
      client: 'agent-app',
      decision: 'deny',
      decidedBy: 'idp',
    }
    expect(last()).toMatchObject({ ...refused, user: 'alice', reason: 'wrong password' })
    await signInAs(issuer, 'mallory').catch(() => {})
    expect(last()).toMatchObject({ ...refused, reason: 'unknown user' })
    expect(last()).not.toHaveProperty('user')
    await signInAs(issuer, 'alice', { scopes: ['nonsense'] }).catch(() => {})
    expect(last()).toMatchObject({ ...refused, reason: expect.stringContaining('Invalid scopes') })
  })

  it('tell of a refused exchange: who asked, for whom, for what', async () => {
    const { accessToken } = await signInAs(issuer, 'alice')
    await exchange(issuer, accessToken, good, { id: 'rogue-agent' })
    expect(last()).toMatchObject({
      trace,
      action: 'token_exchange',
      client: 'rogue-agent',
      user: 'alice',
      scopes: ['expenses:read'],
      resources: ['audience:expenses'],
      decision: 'deny',
      reason: 'access_denied: Client is not within the token audience',
      status: 403,
    })
    await exchange(issuer, accessToken, good, { id: 'mcp-server', secret: 'hunter2' })
    expect(last()).toMatchObject({ client: 'mcp-server', decision: 'deny', status: 401 })
  })

  it('tell of sign-in, exchange and logout, with what the token says', async () => {
    records.length = 0
    const { accessToken, idToken } = await signInAs(issuer, 'bob')
    const scope = 'expenses:read act-mcp-server'
    const answer = await exchange(issuer, accessToken, { audience: 'expenses', scope })
    await signOut({ issuer, idToken, fetch, traceparent })
    const whose = { trace, user: 'bob', decision: 'allow', decidedBy: 'idp' }
    expect(records).toMatchObject([
      { ...whose, action: 'login', client: 'agent-app' },
      { ...whose, action: 'code_exchange', client: 'agent-app', jti: decodeJwt(accessToken).jti },
      {
        ...whose,
        action: 'token_exchange',
        client: 'mcp-server',
        actors: ['mcp-server'],
        scopes: ['expenses:read'],
        resources: ['audience:expenses'],
        jti: decodeJwt(answer.access_token).jti,
      },
      { ...whose, action: 'logout', client: 'agent-app' },
    ])
  })

  it('never hold a token, a password or a secret', () => {
    expect(records.length).toBeGreaterThan(0)
    expect(JSON.stringify(records)).not.toMatch(/hunter2|demo-secret|eyJ/)
  })
})

describe('of what the provider tells', () => {
  const told = (event: string, ctx: object, error?: Error) => {
    const provider = new EventEmitter()
    const written: IdpRecord[] = []
    recordGrants(provider as unknown as Provider, new LiveRealm(readRealm()), (each) => written.push(each))
    const request = { get: () => traceparent, state: {}, oidc: { params: {} }, ...ctx }
    provider.emit(event, request, error)
    return written
  }

  it('a failure of its own is recorded without a word of it, and printed', () => {
    const print = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const written = told('server_error', {}, new Error('boom \u202e'))
    const [printed] = print.mock.calls.map(([text]) => String(text))
    print.mockRestore()
    expect(written).toMatchObject([{ decision: 'error', reason: 'the IdP failed', status: 500 }])
    expect(printed).toMatch(/boom [^\u202e]*$/)
  })

  it('a record that could not be written has no record', () => {
    expect(told('grant.error', {}, new Unrecorded(new Error('ENOSPC')))).toEqual([])
    expect(told('grant.error', {}, new Error('invalid_grant'))).toHaveLength(1)
    expect(told('backchannel_authentication.error', {}, new Unrecorded(new Error('ENOSPC')))).toEqual([])
    expect(told('backchannel_authentication.error', {}, new Error('invalid_request'))).toHaveLength(1)
  })

  it('a client that is to ask again was neither given nor refused anything', () => {
    expect(told('grant.error', {}, new Error('authorization_pending'))).toEqual([])
  })

  it('a refusal without a description is recorded by its name', () => {
    expect(told('authorization.error', {}, new Error('access_denied'))).toMatchObject([
      { reason: 'access_denied' },
    ])
  })

  it('a token without a scope is recorded without one', () => {
    const claims = { sub: 'x', jti: 'j', scope: '' }
    const access_token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`
    expect(told('grant.success', { body: { access_token } })).toMatchObject([{ scopes: [], jti: 'j' }])
  })
})
