import type { KoaContextWithOIDC } from 'oidc-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { signOut } from '../sign-in/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'
import { pageHeaders } from './pages.ts'
import { exchange, signInAs, traceparent } from './testing/client.ts'
import { answerUnrecorded, Unrecorded } from './unrecorded.ts'

const good = { audience: 'expenses', scope: 'expenses:read' }
const unrecorded = {
  error: 'temporarily_unavailable',
  error_description: expect.stringContaining('recorded'),
}
const disk = { full: false }
let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  const audit = () => {
    if (disk.full) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
  }
  idp = await startEmbeddedIdp({ realm: readRealm(), audit })
  issuer = idp.issuer
})
beforeEach(() => {
  disk.full = false
})
afterAll(() => idp.close())

describe('an IdP whose records cannot be written', () => {
  it.each(['alice', 'nobody'])('lets nobody sign in, nor say who could (%s)', async (username) => {
    disk.full = true
    await expect(signInAs(issuer, username)).rejects.toMatchObject({ code: 'idp_unavailable' })
    disk.full = false
    await expect(signInAs(issuer, 'alice')).resolves.toBeDefined()
  })

  it.each([
    ['a token', good],
    ['a refusal', { audience: 'nobody', scope: 'expenses:read' }],
  ])('answers an exchange with a 503 instead of %s', async (_what, asked) => {
    const { accessToken } = await signInAs(issuer, 'alice')
    disk.full = true
    const answer = await exchange(issuer, accessToken, asked)
    expect(answer).toMatchObject({ status: 503, ...unrecorded })
    expect(answer).not.toHaveProperty('access_token')
    disk.full = false
    expect(await exchange(issuer, accessToken, good)).toMatchObject({ status: 200 })
  })

  it('ends no session', async () => {
    const { accessToken, idToken } = await signInAs(issuer, 'alice')
    disk.full = true
    await expect(signOut({ issuer, idToken, fetch, traceparent })).rejects.toThrow()
    disk.full = false
    expect(await exchange(issuer, accessToken, good)).toMatchObject({ status: 200 })
  })

  it('shows a person a page that says so', async () => {
    disk.full = true
    const response = await fetch(`${issuer}/session/end?id_token_hint=garbage`, {
      headers: { accept: 'text/html' },
    })
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('cannot be recorded')
  })

  it('tells a program so in JSON', async () => {
    disk.full = true
    const response = await fetch(`${issuer}/session/end?id_token_hint=garbage`)
    expect([response.status, await response.json()]).toEqual([503, unrecorded])
  })

  it('shows it on a page that nothing can frame, wherever it comes from', async () => {
    const ctx = { status: 0, accepts: () => 'html', set: vi.fn() }
    const failing = () => Promise.reject(new Unrecorded(new Error('ENOSPC')))
    await answerUnrecorded(ctx as unknown as KoaContextWithOIDC, failing)
    expect(ctx.status).toBe(503)
    expect(ctx.set).toHaveBeenCalledExactlyOnceWith(pageHeaders)
  })

  it('has no answer to any other failure', async () => {
    const failing = answerUnrecorded({} as KoaContextWithOIDC, () => Promise.reject(new TypeError('other')))
    await expect(failing).rejects.toThrow('other')
  })
})
