import type { AuthHandler } from '@lab/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { accessToken, bearer, startMcp, stopAll } from '../testing/mcp.ts'
import { ServiceNonces } from './service-nonces.ts'

afterEach(stopAll)

/** As p08 proves: the nonce of the challenge, or none. */
const proving: AuthHandler = {
  credential: 'bearer',
  async prepareRequest({ challenge }, { method, url }, { signer }) {
    return { dpop: await signer.proof({ htm: method, htu: url, nonce: challenge?.nonce }) }
  },
}

/** A service that takes the proof of the test signer where that names the newest nonce. */
function demanding(options: { rotating?: boolean; challenge?: string } = {}) {
  const { rotating = false, challenge = 'DPoP error="use_dpop_nonce"' } = options
  let newest = 1
  return ({ headers }: Request) => {
    const answer = { 'dpop-nonce': `n${newest}` }
    if (headers.get('dpop') !== `a proof with n${newest}`) {
      const body = { error: 'use_dpop_nonce', reason: 'wants a nonce' }
      return Response.json(body, { status: 401, headers: { ...answer, 'www-authenticate': challenge } })
    }
    if (rotating) newest++
    return Response.json({ answer: 'yes' }, { headers: { 'dpop-nonce': `n${newest}` } })
  }
}

async function calls(times: number, answer: Parameters<typeof startMcp>[1]) {
  const mcp = await startMcp(proving, answer)
  const results = []
  for (let time = 0; time < times; time++) {
    results.push(await mcp.call('list_expenses', {}, bearer(await accessToken('alice'))))
  }
  return { results, proofs: mcp.arrived.map(({ headers }) => headers.get('dpop')) }
}

describe('a service that asks for nonces (RFC 9449 section 9)', () => {
  it('is asked twice and no more where it is never content', async () => {
    let asked = 0
    const { results, proofs } = await calls(1, () =>
      Response.json(
        { error: 'use_dpop_nonce', reason: 'another' },
        {
          status: 401,
          headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': `e${++asked}` },
        },
      ),
    )
    expect(results[0]).toMatchObject({ isError: true, structuredContent: { status: 401, reason: 'another' } })
    expect(proofs).toEqual(['a proof', 'a proof with e1'])
  })

  it('challenges the first call alone: its nonce is kept', async () => {
    const { results, proofs } = await calls(3, demanding())
    expect(results.every(({ isError }) => !isError)).toBe(true)
    expect(proofs).toEqual(['a proof', 'a proof with n1', 'a proof with n1', 'a proof with n1'])
  })

  it('gives the next one with a success (section 8.2)', async () => {
    const { proofs } = await calls(3, demanding({ rotating: true }))
    expect(proofs).toEqual(['a proof', 'a proof with n1', 'a proof with n2', 'a proof with n3'])
  })

  it.each([
    'Bearer realm="x, DPoP error=no", DPoP algs="ES256", error="use_dpop_nonce"',
    'DPoP error="use_dpop_nonce", Bearer error="invalid_token"',
    'dpop error=use_dpop_nonce, error_description="a \\"quoted\\", reason"',
  ])('is understood beside other challenges: %s', async (challenge) => {
    const { results, proofs } = await calls(1, demanding({ challenge }))
    expect(results).toMatchObject([{ structuredContent: { answer: 'yes' } }])
    expect(proofs).toHaveLength(2)
  })

  it('has a nonce of its own: no other origin gets it', async () => {
    const nonces = new ServiceNonces()
    const giving = async () => new Response('', { headers: { 'dpop-nonce': 'n1' } })
    await nonces.heardBy(giving)('http://expenses.test/expenses')
    const signer = nonces.addedBy({
      proof: async ({ nonce }) => `with ${nonce}`,
      signRequest: async () => ({}),
    })
    const proof = (htu: string) => signer.proof({ htm: 'GET', htu })
    expect(await proof('http://expenses.test/expenses/103')).toBe('with n1')
    expect(await proof('http://expenses.test:81/expenses')).toBe('with undefined')
    expect(await proof('http://idp.test/token')).toBe('with undefined')
  })
})
