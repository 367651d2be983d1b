import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from '../idp/index.ts'
import { redirectUri, signInAs, tokenRequest, traceparent } from '../idp/testing/client.ts'
import { discover } from '../oauth-client/discovery.ts'
import { signOut } from './sign-out.ts'

let idp: IdentityProvider
let issuer: string

beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm: readRealm(), audit: () => {} })
  issuer = idp.issuer
})
afterAll(() => idp.close())

describe('signOut', () => {
  it('is refused without a valid ID token, and the session goes on', async () => {
    const { accessToken, idToken, refreshToken = '' } = await signInAs(issuer, 'alice')
    const forged = `${idToken.slice(0, -8)}AAAAAAAA`
    for (const hint of [accessToken, forged, 'garbage', '']) {
      await expect(signOut({ issuer, idToken: hint, fetch, traceparent })).rejects.toThrow(UserError)
    }
    expect(await refresh(refreshToken)).toMatchObject({ status: 200 })
  })

  it('ends the session for good', async () => {
    const { idToken, refreshToken = '' } = await signInAs(issuer, 'alice')
    await signOut({ issuer, idToken, fetch, traceparent })
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  it('is an outage where nobody answers', async () => {
    const request = { issuer: 'http://127.0.0.1:9', idToken: '', fetch, traceparent }
    await expect(signOut(request)).rejects.toMatchObject({ code: 'idp_unavailable' })
  })

  it.each([
    [{}, 200, 'end_session_endpoint'],
    [{ end_session_endpoint: 'http://127.0.0.1:1/end' }, 429, 'answers 429'],
    [{ end_session_endpoint: 'http://127.0.0.1:1/end' }, 500, 'answers 500'],
    [{ end_session_endpoint: 'http://127.0.0.1:1/end' }, 0, 'does not answer'],
  ])('is an outage where the metadata are %j and the answer is %d', async (metadata, status, reason) => {
    const answering: typeof fetch = async (url) => {
      if (String(url).includes('well-known')) return Response.json({ issuer, ...metadata })
      if (status === 0) throw new TypeError('fetch failed')
      return new Response('', { status })
    }
    const leaving = signOut({ issuer, idToken: 'a.b.c', fetch: answering, traceparent })
    await expect(leaving).rejects.toMatchObject({
      code: 'idp_unavailable',
      message: expect.stringContaining(reason),
    })
  })

  it('leads back to the application alone, with its state', async () => {
    const { end_session_endpoint: url } = await discover(issuer, { fetch, traceparent })
    const leave = async (uri: string) => {
      const { idToken } = await signInAs(issuer, 'alice')
      const query = new URLSearchParams({
        id_token_hint: idToken,
        post_logout_redirect_uri: uri,
        state: 's1',
      })
      return fetch(`${url}?${query}`, { redirect: 'manual' })
    }
    expect((await leave('http://evil.example/')).status).toBe(400)
    expect((await leave(redirectUri)).headers.get('location')).toBe(`${redirectUri}?state=s1`)
  })
})

function refresh(refreshToken: string) {
  const request = { grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: refreshToken }
  return tokenRequest(issuer, request)
}
