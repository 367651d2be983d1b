import { exportJWK, generateKeyPair } from 'jose'
import { expect, it } from 'vitest'
import { clientKey } from './client-key.ts'

const jwkOf = async (alg: string, which: 'privateKey' | 'publicKey') =>
  exportJWK((await generateKeyPair(alg, { extractable: true }))[which])

it.each([
  ['a public key', () => jwkOf('ES256', 'publicKey')],
  ['a key of another type', () => jwkOf('RS256', 'privateKey')],
  ['a shared secret', async () => ({ kty: 'oct', k: 'c2VjcmV0' })],
  ['no key', async () => ({})],
])('refuses %s', async (_what, jwk) => {
  await expect(clientKey(await jwk())).rejects.toThrow()
})

it('gives a key that signs and cannot be read again, with its id', async () => {
  const { key, kid } = await clientKey({ ...(await jwkOf('ES256', 'privateKey')), kid: 'k1' })
  expect([key.type, key.extractable, key.usages, kid]).toEqual(['private', false, ['sign'], 'k1'])
})
