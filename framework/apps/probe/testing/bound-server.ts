import { type AccessToken, ReplayCache, verifyProof } from '@lab/contract'
import { listen } from '@lab/services'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { ProbeIssuer } from '../issuer.ts'

/** An HTTP API that takes tokens with proofs, as the lab's own patterns check them. */
export async function boundServer(trusted: () => ProbeIssuer, mistake?: 'no-proof' | 'no-replay-cache') {
  const listener = await listen()
  let replay = new ReplayCache()
  listener.serve(async (request) => {
    const [scheme, token = ''] = request.headers.get('authorization')?.split(' ') ?? []
    const { url, jwksUrl } = trusted()
    try {
      if (scheme !== 'DPoP' && mistake !== 'no-proof') throw new Error('scheme')
      const keys = createRemoteJWKSet(new URL(jwksUrl))
      const { payload } = await jwtVerify(token, keys, { issuer: url, audience: `${listener.url}/rows` })
      const verified = { rawToken: token, claims: payload, userId: String(payload.sub) } as AccessToken
      if (mistake === 'no-replay-cache') replay = new ReplayCache()
      const service = { baseUrl: listener.url, now: Date.now, replay }
      if (mistake !== 'no-proof') await verifyProof(request, service as never, verified)
      return Response.json({ text: `rows of ${payload.sub}` })
    } catch {
      return new Response(null, {
        status: 401,
        headers: { 'www-authenticate': 'DPoP error="invalid_token"' },
      })
    }
  })
  return listener
}
