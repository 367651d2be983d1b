import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSigner } from '../oauth-client/signer.ts'
import type { SignedIn } from '../sign-in/index.ts'
import { exchange, signInAs, startTestIdp, type TestIdp } from './testing/client.ts'

/** Each row was seen on a Keycloak 26.7.3 with the same realm file; with KEYCLOAK_URL set, it runs against one. */
let idp: TestIdp
let issuer: string
let alice: SignedIn

beforeAll(async () => {
  idp = await startTestIdp()
  issuer = idp.issuer
  alice = await signInAs(issuer, 'alice')
})
afterAll(() => idp.close())

const good = { audience: 'expenses', scope: 'expenses:read' }

describe('a DPoP proof at the token endpoint is refused', () => {
  it('that came before', async () => {
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: idp.tokenUrl })
    const bound = { id: 'mcp-server', proof }
    expect((await exchange(issuer, alice.accessToken, good, bound)).status).toBe(200)
    expect(await exchange(issuer, alice.accessToken, good, bound)).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description: 'DPoP proof has already been used',
    })
  })

  it('for another URL, for another method, and what is none', async () => {
    const signer = await createSigner()
    const proofs = [
      await signer.proof({ htm: 'POST', htu: `${issuer}/elsewhere` }),
      await signer.proof({ htm: 'GET', htu: idp.tokenUrl }),
      'garbage',
    ]
    for (const proof of proofs) {
      const answer = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', proof })
      expect(answer).toMatchObject({ status: 400, error: 'invalid_request' })
    }
  })

  it('of another key, or none, where the subject token is bound', async () => {
    const [signer, other] = [await createSigner(), await createSigner()]
    const request = { htm: 'POST', htu: idp.tokenUrl }
    const first = await exchange(issuer, alice.accessToken, good, {
      id: 'mcp-server',
      proof: await signer.proof(request),
    })
    const again = async (proof?: string) =>
      exchange(issuer, first.access_token, good, { id: 'mcp-server', ...(proof && { proof }) })
    expect(await again()).toMatchObject({ status: 400, error_description: 'DPoP proof is missing' })
    expect(await again(await other.proof(request))).toMatchObject({
      status: 400,
      error_description: "DPoP confirmation doesn't match DPoP proof",
    })
    expect((await again(await signer.proof(request))).status).toBe(200)
  })

  it('by another client than the bound token was issued to', async () => {
    const proof = await (await createSigner()).proof({ htm: 'POST', htu: idp.tokenUrl })
    const bound = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', proof })
    expect(await exchange(issuer, bound.access_token, good, { id: 'rogue-agent' })).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description:
        'Sender-constrained token exchange rejected as the token was not issued for the requesting client',
    })
  })
})

it('a DPoP proof binds the token to its key', async () => {
  const proof = await (await createSigner()).proof({ htm: 'POST', htu: idp.tokenUrl })
  const answer = await exchange(issuer, alice.accessToken, good, { id: 'mcp-server', proof })
  expect(answer).toMatchObject({ status: 200, token_type: 'DPoP', expires_in: 60 })
  const jkt = await calculateJwkThumbprint(decodeProtectedHeader(proof).jwk ?? {})
  expect(decodeJwt(answer.access_token)).toMatchObject({ typ: 'DPoP', cnf: { jkt } })
})
