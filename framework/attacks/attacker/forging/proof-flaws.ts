import { randomBytes } from 'node:crypto'
import { accessTokenHash } from '@lab/contract'
import { decodeJwt } from 'jose'
import type { CweId } from '../catalogues.ts'
import { type ProofChanges, ProofKey } from '../proof-key.ts'

type Credentials = Record<string, string>

/** A bound token, and a key that signs whatever it is asked to. */
export interface BoundCall {
  readonly call: { readonly method: string; readonly url: string }
  readonly token: string
  readonly key: ProofKey
  /** Credentials as the honest call carries them, with a fresh proof. */
  credentials(changes?: ProofChanges): Promise<Credentials>
}

/** A bound token with a proof that is wrong in one thing: the same for the attacks on the patterns and for the probe. */
export interface FlawedProof {
  readonly id: string
  readonly cwe: readonly [CweId, ...CweId[]]
  /** Completes "… sends a bound token". */
  readonly flaw: string
  /** One or more ways of doing so. */
  present(bound: BoundCall, right: Credentials): Promise<Credentials[]>
}

/** Far outside of what a proof may be old, or ahead. In seconds. */
const farOff = 10 * 60

export const proofFlaws: readonly FlawedProof[] = [
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

/** The hole that such a flaw shows, as a clause. */
export const takenWithFlaw = (flaw: string) => `a bound token was taken ${flaw}`

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds
}
