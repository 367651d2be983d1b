import { createHash } from 'node:crypto'
import { decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSigner } from './signer.ts'

const htm = 'POST'
const htu = 'http://127.0.0.1:4001/expenses'

describe('createSigner', () => {
  it('keeps the private key to itself', async () => {
    const signer = await createSigner()
    const { jwk } = decodeProtectedHeader(await signer.proof({ htm, htu }))
    expect(jwk).not.toHaveProperty('d')
    expect(JSON.stringify(signer)).toBe('{}')
  })

  it('makes a proof for one request, with a jti of its own (RFC 9449 section 4.2)', async () => {
    const signer = await createSigner()
    const [first, second] = [await signer.proof({ htm, htu }), await signer.proof({ htm, htu })]
    const { payload, protectedHeader } = await jwtVerify(first, EmbeddedJWK, { typ: 'dpop+jwt' })
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload).toMatchObject({ htm, htu, iat: expect.any(Number), jti: expect.any(String) })
    expect(payload).not.toHaveProperty('ath')
    expect((await jwtVerify(second, EmbeddedJWK)).payload.jti).not.toBe(payload.jti)
  })

  it('leaves query and fragment out of the target (RFC 9449 section 4.2)', async () => {
    const proof = await (await createSigner()).proof({ htm, htu: `${htu}?owner=bob#x` })
    expect((await jwtVerify(proof, EmbeddedJWK)).payload.htu).toBe(htu)
  })

  it('names the access token and the nonce that the proof is for', async () => {
    const proof = await (await createSigner()).proof({ htm, htu, accessToken: 'token', nonce: 'n1' })
    const { payload } = await jwtVerify(proof, EmbeddedJWK)
    expect(payload).toMatchObject({
      nonce: 'n1',
      ath: createHash('sha256').update('token').digest('base64url'),
    })
  })
})
