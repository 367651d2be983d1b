import { type CompactJWSHeaderParameters, exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeEach, expect, it, vi } from 'vitest'
import { ProofKeys } from './proof-keys.ts'

const input = { payload: '', signature: '' }
let header: CompactJWSHeaderParameters & { jwk: JWK }
beforeEach(async () => {
  header = await headerOf()
})

async function headerOf() {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { alg: 'ES256', jwk: await exportJWK(publicKey) }
}

it('imports a key once, and hashes it once', async () => {
  const keys = new ProofKeys()
  const [first, thumbprint] = [
    await keys.imported(header, input),
    await keys.thumbprintOf(header.jwk, 'ES256'),
  ]
  const digest = vi.spyOn(crypto.subtle, 'digest')
  expect(await keys.imported(structuredClone(header), input)).toBe(first)
  expect(await keys.thumbprintOf(structuredClone(header.jwk), 'ES256')).toBe(thumbprint)
  expect(digest).not.toHaveBeenCalled()
  digest.mockRestore()
})

it('takes no key for another that differs in anything', async () => {
  const keys = new ProofKeys()
  const other = await headerOf()
  const first = await keys.imported(header, input)
  expect(await keys.imported(other, input)).not.toBe(first)
  expect(await keys.thumbprintOf(other.jwk, 'ES256')).not.toBe(await keys.thumbprintOf(header.jwk, 'ES256'))
  await expect(keys.imported({ ...header, alg: 'ES384' }, input)).rejects.toThrow()
  await expect(keys.imported({ ...header, jwk: { ...header.jwk, use: 'enc' } }, input)).rejects.toThrow()
})

it('keeps nothing of a key that cannot be imported, and no more than it may', async () => {
  const keys = new ProofKeys(2)
  await expect(keys.imported({ ...header, jwk: { ...header.jwk, x: 'AA' } }, input)).rejects.toThrow()
  expect(keys.size).toBe(0)
  for (const each of [header, await headerOf(), await headerOf()]) await keys.imported(each, input)
  expect(keys.size).toBe(2)
})
