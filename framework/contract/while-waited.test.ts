import { describe, expect, it } from 'vitest'
import { verifyAccessToken } from './presets/access-token.ts'
import { testIssuer } from './testing/issuer.ts'
import { whileWaited } from './while-waited.ts'

describe('a verifier for one request', () => {
  const hanging = async () => ({ ...(await testIssuer()).service, jwks: () => new Promise<never>(() => {}) })

  it.each([
    ['before', true],
    ['while', false],
  ])('waits for no keys where the caller has left %s they are asked for', async (_when, isEarly) => {
    const caller = new AbortController()
    const request = new Request('http://a.example', { signal: caller.signal })
    const token = await (await testIssuer()).mint()
    if (isEarly) caller.abort()
    const verifying = verifyAccessToken(token, whileWaited(await hanging(), request))
    const refused = expect(verifying).rejects.toMatchObject({ code: 'idp_unavailable' })
    if (!isEarly) setImmediate(() => caller.abort())
    await refused
  })

  it('tells of keys that could not be fetched', async () => {
    const { service, mint } = await testIssuer()
    const failing = { ...service, jwks: () => Promise.reject(new TypeError('fetch failed')) }
    const verifying = verifyAccessToken(await mint(), whileWaited(failing, new Request('http://a.example')))
    await expect(verifying).rejects.toMatchObject({ code: 'idp_unavailable' })
  })

  it('verifies as the other does, and keeps all else of it', async () => {
    const { service, mint } = await testIssuer()
    const one = whileWaited(service, new Request('http://a.example'))
    expect(await verifyAccessToken(await mint(), one, { audience: 'expenses' })).toMatchObject({
      userId: 'alice',
    })
    expect(one).toEqual({ ...service, jwks: expect.any(Function) })
  })
})
