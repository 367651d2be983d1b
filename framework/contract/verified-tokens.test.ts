import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AuthError } from './errors.ts'
import { verifyAccessToken } from './presets/access-token.ts'
import { tokenProfiles } from './presets/token-profile.ts'
import { testIssuer } from './testing/issuer.ts'
import { VerifiedTokens } from './verified-tokens.ts'

let issuer: Awaited<ReturnType<typeof testIssuer>>
let verified: VerifiedTokens
let token: string
beforeEach(async () => {
  issuer = await testIssuer()
  verified = new VerifiedTokens()
  token = await issuer.mint()
  await verify()
})

/** Verifies the token that held before, with some of what is known or demanded made another. */
function verify(other: Partial<typeof issuer.service> = {}, presented = token, audience = 'expenses') {
  return verifyAccessToken(presented, { ...issuer.service, verified, ...other }, { audience })
}

const refused = { code: 'invalid_token' }

describe('a token that held before', () => {
  it('holds again, and its signature is not looked at again', async () => {
    const check = vi.spyOn(crypto.subtle, 'verify')
    const again = await verify()
    expect(again).toMatchObject({ userId: 'alice', roles: ['admin'], claims: { jti: 'token-1' } })
    expect(again.rawToken).toBe(token)
    expect(check).not.toHaveBeenCalled()
    check.mockRestore()
  })

  it('is the whole token: one with the same claims and another signature is refused', async () => {
    const [header, payload, signature = ''] = token.split('.')
    const other = [header, payload, [...signature].reverse().join('')].join('.')
    await expect(verify({}, other)).rejects.toMatchObject(refused)
  })

  it.each([
    ['another audience', () => verify({}, token, 'documents')],
    ['another issuer', () => verify({ issuer: 'http://elsewhere.test' })],
    ['another type', () => verify({ profile: { ...tokenProfiles.keycloak, type: 'JWT' } })],
    ['another algorithm', () => verify({ profile: { ...tokenProfiles.keycloak, algorithms: ['RS256'] } })],
    ['another claim', () => verify({ profile: { ...tokenProfiles.keycloak, tokenId: 'uti' } })],
    ['a smaller age', () => verify({ profile: { ...tokenProfiles.keycloak, maxAge: 1 }, now: later(40) })],
    ['another user', () => verify({ userOf: () => undefined })],
  ])('is refused where %s is demanded', async (_what, verifying) => {
    await expect(verifying()).rejects.toMatchObject(refused)
  })

  it.each([
    ['has ended', 90, {}],
    ['is too old', 3631, { exp: 7200 }],
    ['is not valid yet', -31, { nbf: 0, iat: -60 }],
    ['is from the future', -31, {}],
  ])('is refused as soon as it %s', async (_what, seconds, claims) => {
    const of = (time: number) => issuer.seconds() + time
    const times = Object.fromEntries(Object.entries(claims).map(([name, time]) => [name, of(time)]))
    const timed = await issuer.mint(times)
    await verify({}, timed)
    await expect(verify({ now: later(seconds - Math.sign(seconds)) }, timed)).resolves.toBeDefined()
    const before = verified.size
    await expect(verify({ now: later(seconds) }, timed)).rejects.toMatchObject(refused)
    expect(verified.size).toBe(before - 1)
  })

  it('is refused when its key is withdrawn, with all that the key signed and nothing else', async () => {
    await verify({}, await issuer.mint({ jti: 'token-2' }))
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k2', alg: 'ES256' }] })
    await verify({ jwks }, await issuer.mint({}, { kid: 'k2' }, privateKey))
    await expect(verify({ jwks })).rejects.toMatchObject(refused)
    expect(verified.size).toBe(1)
  })

  it('is refused when another key has the place of its key, with all that the key signed', async () => {
    await verify({}, await issuer.mint({ jti: 'token-2' }))
    const { publicKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }]
    await expect(verify({ jwks: createLocalJWKSet({ keys }) })).rejects.toMatchObject(refused)
    expect(verified.size).toBe(0)
  })

  it('does not hold while its key cannot be asked for, and holds afterwards', async () => {
    const jwks = () => Promise.reject(new TypeError('fetch failed'))
    await expect(verify({ jwks })).rejects.toMatchObject({ code: 'idp_unavailable' })
    await expect(verify()).resolves.toBeDefined()
  })

  it('tells each caller the same, whatever one of them makes of it', async () => {
    const { claims } = await verify()
    claims.sub = 'sub-of-mallory'
    expect((await verify()).claims.sub).toBe('sub-of-alice')
  })
})

describe('the tokens that are kept', () => {
  it('are none that was refused', async () => {
    await expect(verify({}, await issuer.mint({ aud: 'documents' }))).rejects.toBeInstanceOf(AuthError)
    expect(verified.size).toBe(1)
  })

  it('are at most so many, of which the oldest go', async () => {
    verified = new VerifiedTokens(2)
    const many = await Promise.all([1, 2, 3].map((n) => issuer.mint({ jti: `token-${n}` })))
    for (const each of many) await verify({}, each)
    expect(verified.size).toBe(2)
    const check = vi.spyOn(crypto.subtle, 'verify')
    await verify({}, many[2])
    expect(check).toHaveBeenCalledTimes(0)
    await verify({}, many[0])
    expect(check).toHaveBeenCalledTimes(1)
    check.mockRestore()
  })

  it('are gone a while after they ended, unasked', async () => {
    issuer.clock.now += 120_000
    token = await issuer.mint()
    await verify()
    expect(verified.size).toBe(1)
  })
})

function later(seconds: number) {
  const now = issuer.clock.now + seconds * 1000
  return () => now
}
