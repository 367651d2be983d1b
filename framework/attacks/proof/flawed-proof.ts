import { randomBytes } from 'node:crypto'
import { accessTokenHash } from '@lab/contract'
import { decodeJwt } from 'jose'
import type { Attack } from '../attacker/attack.ts'
import { notApplicable } from '../attacker/attack.ts'
import { gotThrough } from '../attacker/effect.ts'
import { judge } from '../attacker/judge.ts'
import { ProofKey } from '../attacker/proof-key.ts'
import { type BoundToken, boundToken, control } from './bound-token.ts'

type Credentials = Record<string, string>

/** A bound token with a proof that is wrong in one thing. */
interface FlawedProof extends Pick<Attack, 'id' | 'cwe'> {
  /** Completes "… sends a bound token". */
  readonly flaw: string
  /** One or more ways of doing so. */
  present(bound: BoundToken, right: Credentials): Promise<Credentials[]>
}

/** Far outside of what a proof may be old, or ahead. In seconds. */
const farOff = 10 * 60

const flaws: readonly FlawedProof[] = [
  {
    id: 'dpop-no-proof',
    cwe: ['CWE-358'],
    flaw: 'without any proof',
    present: async (_bound, { authorization = '' }) => [{ authorization }],
  },
  {
    id: 'dpop-bearer-downgrade',
    cwe: ['CWE-757'],
    flaw: 'as if it were a Bearer token, with and without a proof',
    present: async ({ token, credentials }) => {
      const authorization = `Bearer ${token}`
      return [{ authorization }, { ...(await credentials()), authorization }]
    },
  },
  {
    id: 'dpop-other-key',
    cwe: ['CWE-294'],
    flaw: 'with a proof by another key',
    present: async ({ call, token }, right) => {
      const { method, url } = call
      return [{ ...right, dpop: await (await ProofKey.generate()).proof({ method, url, token }) }]
    },
  },
  {
    id: 'dpop-forged-signature',
    cwe: ['CWE-347'],
    flaw: 'with a proof that shows the right key and is signed by another one, or by none',
    present: async ({ credentials }, right) => {
      const { privateKey } = await ProofKey.generate()
      const [header, claims] = (await credentials()).dpop?.split('.') ?? []
      const signature = right.dpop?.split('.')[2]
      return [
        await credentials({ key: privateKey }),
        ...['', signature].map((each) => ({ ...right, dpop: [header, claims, each].join('.') })),
      ]
    },
  },
  {
    id: 'dpop-wrong-htm',
    cwe: ['CWE-358'],
    flaw: 'with a proof for another method',
    present: async ({ credentials }) => [await credentials({ claims: { htm: 'DELETE' } })],
  },
  {
    id: 'dpop-wrong-htu',
    cwe: ['CWE-358'],
    flaw: 'with a proof for another path, or for the same path elsewhere',
    present: async ({ call, credentials }) => {
      const { origin, pathname } = new URL(call.url)
      const others = [`${origin}/elsewhere`, `http://attacker.example${pathname}`]
      return Promise.all(others.map((htu) => credentials({ claims: { htu } })))
    },
  },
  {
    id: 'dpop-wrong-ath',
    cwe: ['CWE-358'],
    flaw: 'with a proof for another token, or for none',
    present: async ({ credentials }) => [
      await credentials({ claims: { ath: accessTokenHash('another token') } }),
      await credentials({ claims: { ath: undefined } }),
    ],
  },
  {
    id: 'dpop-wrong-typ',
    cwe: ['CWE-358'],
    flaw: 'with a JWT that the key signed for another purpose',
    present: async ({ credentials }) => [
      await credentials({ header: { typ: 'JWT' } }),
      await credentials({ header: { typ: undefined } }),
    ],
  },
  {
    id: 'dpop-symmetric-alg',
    cwe: ['CWE-347'],
    flaw: 'with a proof whose key is a shared secret',
    present: async ({ key, credentials }) => {
      const secret = randomBytes(32)
      const oct = { kty: 'oct', k: secret.toString('base64url') }
      return [
        await credentials({ header: { alg: 'HS256', jwk: oct }, key: secret }),
        await credentials({ header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(key.publicJwk)) }),
      ]
    },
  },
  {
    id: 'dpop-stale-iat',
    cwe: ['CWE-294'],
    flaw: 'with a proof of ten minutes ago',
    present: async ({ credentials }) => [await credentials({ claims: { iat: secondsFromNow(-farOff) } })],
  },
  {
    id: 'dpop-future-iat',
    cwe: ['CWE-294'],
    flaw: 'with a proof that was made in advance',
    present: async ({ credentials }) => [await credentials({ claims: { iat: secondsFromNow(farOff) } })],
  },
  {
    id: 'dpop-replayed-jti',
    cwe: ['CWE-294'],
    flaw: 'with a proof that was used before, or a new one with its `jti`',
    present: async ({ credentials }, right) => {
      const { jti } = decodeJwt(right.dpop ?? '')
      return [right, await credentials({ claims: { jti } })]
    },
  },
]

export const flawedProofAttacks: readonly Attack[] = flaws.map(({ id, cwe, flaw, present }) => ({
  id,
  cwe,
  story: `Someone whose key can be made to sign anything sends a bound token ${flaw}, and wants to be served.`,
  owasp: ['ASI03', 'MCP07'],
  aisvs: ['9.4.2'],
  judgedBy: 'rows that the service returned',
  async run(attacker) {
    const bound = await boundToken(attacker)
    if (!bound) return notApplicable('nobody asks for a proof of possession here')
    const right = await bound.credentials()
    await control(attacker, right, bound.call)
    const effect = await attacker.effectOf(async () => {
      for (const credentials of await present(bound, right))
        await attacker.replay(bound.call, { credentials })
    })
    return judge(effect, { succeeded: gotThrough(effect), how: `a bound token was taken ${flaw}` })
  },
}))

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds
}
