import { randomUUID } from 'node:crypto'
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { type IdentityProvider, startEmbeddedIdp } from './index.ts'

const realm = readRealm()
const issuer = 'https://workloads.example'
let idp: IdentityProvider
let key: CryptoKey
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  key = privateKey
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }
  idp = await startEmbeddedIdp({ realm, audit: () => {}, workloads: { issuer, jwks } })
})
afterAll(() => idp.close())
beforeEach(() => idp.admin.reset())

const seconds = () => Math.floor(Date.now() / 1000)

/** A workload's token that holds, but for the changes. */
function assertion(
  claims: Record<string, unknown> = {},
  signedBy: CryptoKey | Uint8Array = key,
  alg = 'ES256',
) {
  const good = {
    iss: issuer,
    sub: 'workload:jobs/nightly',
    aud: idp.issuer,
    jti: randomUUID(),
    iat: seconds(),
    exp: seconds() + 60,
  }
  return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg, kid: 'k1' }).sign(signedBy)
}

async function ask(parameters: Record<string, string>, at = idp) {
  const response = await fetch(`${at.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      client_id: 'nightly-workload',
      scope: 'expenses:read to-expenses',
      ...parameters,
    }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}
const refused = (error: string, error_description: unknown = expect.any(String)) => ({
  status: 400,
  body: { error, error_description },
})

describe('a workload is refused', () => {
  it.each<[string, () => Record<string, unknown>]>([
    ['that is over', () => ({ iat: seconds() - 120, exp: seconds() - 1 })],
    ['that never ends', () => ({ exp: undefined })],
    ['that is older than ten minutes', () => ({ iat: seconds() - 601 })],
    ['of the future', () => ({ iat: seconds() + 60, exp: seconds() + 120 })],
    ['for another audience', () => ({ aud: 'https://elsewhere.test' })],
    ['for nobody', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: 'https://elsewhere.example' })],
    ['of the IdP itself', () => ({ iss: idp.issuer })],
    ['that could come twice', () => ({ jti: undefined })],
    ['of no workload', () => ({ sub: undefined })],
  ])('with a token %s', async (_what, claims) => {
    expect(await ask({ assertion: await assertion(claims()) })).toEqual(
      refused('invalid_grant', expect.stringMatching(/^the workload token does not hold: /)),
    )
  })

  it('with a token for others as well', async () => {
    const aud = [idp.issuer, 'https://elsewhere.test']
    expect(await ask({ assertion: await assertion({ aud }) })).toEqual(
      refused('invalid_grant', 'the workload token is for others as well'),
    )
  })

  it('with a token of another workload', async () => {
    expect(await ask({ assertion: await assertion({ sub: 'workload:jobs/other' }) })).toEqual(
      refused('invalid_grant', 'the workload token is of another workload'),
    )
  })

  it('with a token by another key, or by a secret', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const signed = [await assertion({}, privateKey), await assertion({}, new Uint8Array(32), 'HS256')]
    for (const each of signed) expect(await ask({ assertion: each })).toEqual(refused('invalid_grant'))
  })

  it('with a token that was used, also where both come at a time', async () => {
    const once = await assertion()
    const answers = await Promise.all([ask({ assertion: once }), ask({ assertion: once })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(await ask({ assertion: once })).toEqual(
      refused('invalid_grant', 'the workload token was used before'),
    )
  })

  it('without a token, and for a scope that it was not given, which uses the token up for nothing', async () => {
    expect(await ask({})).toEqual(refused('invalid_grant', 'the assertion is missing'))
    const good = await assertion()
    expect(await ask({ assertion: good, scope: 'act-mcp-server' })).toMatchObject(refused('invalid_scope'))
    expect((await ask({ assertion: good })).status).toBe(200)
  })

  it('where its client is switched off, and where no workload proves the client', async () => {
    await idp.admin.setClientEnabled('nightly-workload', false)
    expect((await ask({ assertion: await assertion() })).status).toBe(401)
    expect((await ask({ assertion: await assertion(), client_id: 'agent-app' })).body.error).toBe(
      'unauthorized_client',
    )
  })

  it('where the IdP trusts no platform', async () => {
    const strict = await startEmbeddedIdp({ realm, audit: () => {} })
    try {
      expect(await ask({ assertion: await assertion({ aud: strict.issuer }) }, strict)).toEqual(
        refused('unauthorized_client', 'no workload proves this client here'),
      )
    } finally {
      await strict.close()
    }
  })
})

it('is known by its token, and gets one for one service and one scope, in which no user is named', async () => {
  const { status, body } = await ask({ assertion: await assertion() })
  expect(status).toBe(200)
  const claims = decodeJwt(body.access_token ?? '')
  expect(claims).toMatchObject({ azp: 'nightly-workload', aud: 'expenses', scope: 'expenses:read' })
  for (const name of ['sid', 'act', 'roles']) expect(claims[name]).toBeUndefined()
})
