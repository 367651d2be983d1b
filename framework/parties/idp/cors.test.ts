import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientOf } from '../../scenario/realm/lookup.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'

const realm = readRealm()
const { webOrigins, redirectUris } = clientOf(realm, 'api-docs')
const origin = webOrigins[0] ?? ''

let idp: IdentityProvider
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: () => {} })
})
afterAll(() => idp.close())

/** Redeems a code that there is not: what counts is who may read the answer. */
async function redeem(client_id: string, from: string) {
  const { status, headers } = await fetch(`${idp.issuer}/token`, {
    method: 'POST',
    headers: { origin: from },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id }),
  })
  return { status, readableBy: headers.get('access-control-allow-origin') }
}

describe('the token endpoint’s answer', () => {
  it.each([
    ['api-docs', 'https://evil.example'],
    ['api-docs', 'http://127.0.0.1:3601'],
    ['api-docs', 'null'],
    ['agent-app', origin],
  ])('to %s is not for a page of %s', async (client, from) => {
    expect((await redeem(client, from)).readableBy).toBeNull()
  })

  it('to api-docs is for its own page', async () => {
    expect(await redeem('api-docs', origin)).toEqual({ status: 400, readableBy: origin })
  })
})

describe('a redirect URI that names its port', () => {
  const authorize = async (redirectUri: string) => {
    const url = new URL(`${idp.issuer}/auth`)
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: 'api-docs',
      redirect_uri: redirectUri,
      scope: 'expenses:read to-expenses',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString()
    const response = await fetch(url, { redirect: 'manual' })
    return [response.status, response.headers.get('location')?.slice(0, 7)]
  }

  it('means that port and no other, as in Keycloak', async () => {
    const [named = ''] = redirectUris
    expect(await authorize(named.replace(/:\d+/, ':3601'))).toEqual([400, undefined])
    expect(await authorize(named)).toEqual([303, '/login/'])
  })
})
