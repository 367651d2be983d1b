import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { performance } from 'node:perf_hooks'

/** The number of ES256 signatures that `node:crypto` verifies in a second, on one core. */
export function verifyRate(rounds = 2_000): number {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // About as long as the signed part of an access token.
  const message = randomBytes(600)
  const signature = sign('sha256', message, privateKey)
  const began = performance.now()
  for (let round = 0; round < rounds; round++) {
    if (!verify('sha256', message, publicKey, signature)) throw new Error('a good signature did not verify')
  }
  return rounds / ((performance.now() - began) / 1000)
}
