import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { testIssuer } from '../testing/issuer.ts'
import { type AccessToken, verifyAccessToken } from './access-token.ts'
import { verifyProof } from './dpop-proof.ts'
import { ReplayCache } from './replay-cache.ts'

const url = 'http://127.0.0.1:4000/expenses'
let issuer: Awaited<ReturnType<typeof testIssuer>>
let key: Awaited<ReturnType<typeof keyPair>>
let token: AccessToken

beforeEach(async () => {
  issuer = await testIssuer()
  key = await keyPair()
  token = await verifyAccessToken(await issuer.mint({ cnf: { jkt: key.jkt } }), issuer.service)
})

async function keyPair(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  return { alg, privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}

/** A proof that holds, but for what the test changes. */
function prove(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = key) {
  const ath = createHash('sha256').update(token.rawToken).digest('base64url')
  const good = { htm: 'GET', htu: url, iat: issuer.seconds(), jti: randomUUID(), ath }
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: by.alg, typ: 'dpop+jwt', jwk: by.jwk, ...header })
    .sign(by.privateKey)
}

const check = (proof: string | undefined, init: RequestInit = {}, at = url) =>
  verifyProof(new Request(at, { ...init, headers: proof ? { dpop: proof } : {} }), issuer.service, token)

describe('verifyProof refuses', () => {
  const wrong: [string, RegExp, () => Promise<string | undefined>][] = [
    ['no proof', /no DPoP proof/, async () => undefined],
    ['something else', /./, async () => 'not-a-proof'],
    ['two proofs', /./, async () => `${await prove()}, ${await prove()}`],
    ['another typ', /typ/, () => prove({}, { typ: 'JWT' })],
    ['no typ', /typ/, () => prove({}, { typ: undefined })],
    [
      'an algorithm that is not allowed',
      /alg/,
      async () => {
        const other = await keyPair('ES384')
        return prove({}, {}, other)
      },
    ],
    [
      'a symmetric algorithm',
      /./,
      () =>
        new SignJWT({})
          .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct' } })
          .sign(new Uint8Array(32)),
    ],
    ['no key in the header', /./, () => prove({}, { jwk: undefined })],
    [
      'a private key in the header',
      /public/,
      async () => prove({}, { jwk: await exportJWK(key.privateKey) }),
    ],
    ['a key in the header that is none', /malformed/, () => prove({}, { jwk: { ...key.jwk, x: 'AA' } })],
    ['another key than the token is bound to', /another key/, async () => prove({}, {}, await keyPair())],
    [
      'a signature by another key than the header shows',
      /signature/,
      async () => prove({}, { jwk: key.jwk }, await keyPair()),
    ],
    ['another method', /htm/, () => prove({ htm: 'POST' })],
    ['no method', /no claim htm/, () => prove({ htm: undefined })],
    ['no target', /no claim htu/, () => prove({ htu: undefined })],
    ['another path', /htu/, () => prove({ htu: 'http://127.0.0.1:4000/expenses/103/approve' })],
    ['another origin', /htu/, () => prove({ htu: 'http://127.0.0.1:4001/expenses' })],
    ['another scheme', /htu/, () => prove({ htu: 'https://127.0.0.1:4000/expenses' })],
    ['a target that is no URL', /htu/, () => prove({ htu: '/expenses' })],
    [
      'a target that only a browser reads as one',
      /htu/,
      () => prove({ htu: 'http:\\\\127.0.0.1:4000\\expenses' }),
    ],
    ['a target with a blank', /htu/, () => prove({ htu: ` ${url}` })],
    ['a target with half an escape', /htu/, () => prove({ htu: `${url}?%a` })],
    ['a target that names a user', /htu/, () => prove({ htu: 'http://alice@127.0.0.1:4000/expenses' })],
    ['a target with a password', /htu/, () => prove({ htu: 'http://:x@127.0.0.1:4000/expenses' })],
    ['a path in other case', /htu/, () => prove({ htu: 'http://127.0.0.1:4000/Expenses' })],
    ['a path with a slash more', /htu/, () => prove({ htu: `${url}/` })],
    ['a target that is no text', /htu/, () => prove({ htu: [url] })],
    ['another token', /ath/, () => prove({ ath: createHash('sha256').update('other').digest('base64url') })],
    ['no token', /no claim ath/, () => prove({ ath: undefined })],
    ['more than 60 s old', /iat/, () => prove({ iat: issuer.seconds() - 62 })],
    ['more than 30 s ahead', /iat/, () => prove({ iat: issuer.seconds() + 32 })],
    ['no time', /no claim iat/, () => prove({ iat: undefined })],
    ['no id', /no claim jti/, () => prove({ jti: undefined })],
    ['an endless id', /jti/, () => prove({ jti: 'x'.repeat(257) })],
    ['an id that is no string', /jti/, () => prove({ jti: 7 })],
  ]
  it.each(wrong)('%s', async (_what, reason, make) => {
    const refusal = { code: 'invalid_dpop_proof', status: 401, message: expect.stringMatching(reason) }
    await expect(check(await make())).rejects.toMatchObject(refusal)
  })

  it('the same proof a second time', async () => {
    const proof = await prove()
    await check(proof)
    await expect(check(proof)).rejects.toMatchObject({
      code: 'invalid_dpop_proof',
      message: expect.stringMatching(/jti/),
    })
  })

  it('the same proof until it is too old anyway', async () => {
    const proof = await prove({ iat: issuer.seconds() + 29 })
    await check(proof)
    issuer.clock.now += 80_000
    await expect(check(proof)).rejects.toMatchObject({ message: expect.stringMatching(/jti/) })
    issuer.clock.now += 11_000
    await expect(check(proof)).rejects.toMatchObject({ message: expect.stringMatching(/iat/) })
  })

  it('a proof that has expired by the clock of the service, whatever the system says', async () => {
    const exp = issuer.seconds() + 60
    issuer.clock.now += 3_600_000
    await expect(check(await prove({ exp }))).rejects.toMatchObject({ message: expect.stringMatching(/exp/) })
  })

  it('a token that is bound to no key', async () => {
    token = await verifyAccessToken(await issuer.mint(), issuer.service)
    await expect(check(await prove())).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/cnf/),
    })
  })

  it('naming the scheme and keeping the cause', async () => {
    await expect(check('not-a-proof')).rejects.toMatchObject({ scheme: 'DPoP', cause: expect.any(Error) })
  })

  it('a Host header of the sender: the target is the service as it knows itself', async () => {
    const proof = await prove({ htu: 'http://evil.test/expenses' })
    await expect(check(proof, {}, 'http://evil.test/expenses')).rejects.toMatchObject({
      message: expect.stringMatching(/htu/),
    })
  })

  it('every proof while the replay cache is full', async () => {
    const full = new ReplayCache(1)
    full.add('other', Number.MAX_SAFE_INTEGER, 0)
    const request = new Request(url, { headers: { dpop: await prove() } })
    const checking = verifyProof(request, { ...issuer.service, replay: full }, token)
    await expect(checking).rejects.toMatchObject({ code: 'replay_cache_full', status: 503 })
  })

  it('those of a user who has filled their share, and of nobody else', async () => {
    const replay = new ReplayCache(100, 1)
    const checking = async () => {
      const request = new Request(url, { headers: { dpop: await prove() } })
      return verifyProof(request, { ...issuer.service, replay }, token)
    }
    await replay.add('a proof of another key', Number.MAX_SAFE_INTEGER, 0, 'somebody else')
    await expect(checking()).resolves.toEqual(key.jwk)
    await expect(checking()).rejects.toMatchObject({ code: 'replay_cache_full' })
  })
})

describe('verifyProof accepts', () => {
  it('a proof for this request, whatever its query', async () => {
    await expect(check(await prove(), {}, `${url}?owner=bob`)).resolves.toEqual(key.jwk)
  })
  it.each([
    ['the scheme in other case', url, 'HTTP://127.0.0.1:4000/expenses'],
    ['a query and a fragment', url, `${url}?owner=bob#top`],
    ['dot segments', url, 'http://127.0.0.1:4000/a/../%2E/expenses'],
    ['escapes of what needs none', url, 'http://127.0.0.1:4000/%65xpense%73'],
    ['escapes in other case', `${url}/%C3%A9%2F`, `${url}/%c3%a9%2f`],
  ])('an equal target (RFC 3986 section 6.2.2): %s', async (_what, at, htu) => {
    await expect(check(await prove({ htu }), {}, at)).resolves.toEqual(key.jwk)
  })
  it.each([
    ['the default port', 'https://api.test', 'https://API.test:443/expenses'],
    ['a base URL that is written otherwise', 'HTTPS://API.test:443', 'https://api.test/expenses'],
  ])('an equal target (RFC 3986 section 6.2.3): %s', async (_what, baseUrl, htu) => {
    const request = new Request(url, { headers: { dpop: await prove({ htu }) } })
    await expect(verifyProof(request, { ...issuer.service, baseUrl }, token)).resolves.toEqual(key.jwk)
  })
  it('a path with an escaped slash as that alone: it separates nothing', async () => {
    const at = `${url}/a%2Fb`
    await expect(check(await prove({ htu: at }), {}, at)).resolves.toEqual(key.jwk)
    await expect(check(await prove({ htu: `${url}/a/b` }), {}, at)).rejects.toMatchObject({
      message: expect.stringMatching(/htu/),
    })
  })
  it('a proof for another method where that is the method', async () => {
    await expect(check(await prove({ htm: 'POST' }), { method: 'POST' })).resolves.toEqual(key.jwk)
  })
  it.each([-60, 30])('a clock that differs by %s s, and not a moment more', async (offset) => {
    issuer.clock.now = issuer.seconds() * 1000
    const proof = await prove({ iat: issuer.seconds() + offset })
    issuer.clock.now += Math.sign(-offset)
    await expect(check(proof)).rejects.toMatchObject({ message: expect.stringMatching(/iat/) })
    issuer.clock.now -= Math.sign(-offset)
    await expect(check(proof)).resolves.toEqual(key.jwk)
  })
  it('an id of 256 characters', async () => {
    await expect(check(await prove({ jti: 'x'.repeat(256) }))).resolves.toEqual(key.jwk)
  })
})
