import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientKey, clientKeyIn } from './client-key.ts'

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

describe('a key in a file', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-key-'))
    file = join(folder, 'key.json')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('that is missing, or a folder, is refused', async () => {
    await expect(clientKeyIn(file)).rejects.toMatchObject({
      code: 'grant_refused',
      message: "the agent's key (AGENT_KEY_FILE) cannot be read: ENOENT",
    })
    await expect(clientKeyIn(folder)).rejects.toThrow(/cannot be read: EISDIR$/)
  })

  it.each<[string, () => Promise<string>]>([
    ['no JSON', async () => 'secret'],
    ['a list', async () => '[]'],
    ['null', async () => 'null'],
    ['a public key', async () => JSON.stringify(await jwkOf('ES256', 'publicKey'))],
    ['a key of another type', async () => JSON.stringify(await jwkOf('RS256', 'privateKey'))],
  ])('that holds %s is refused, and nothing of it is said', async (_what, content) => {
    await writeFile(file, await content())
    await expect(clientKeyIn(file)).rejects.toMatchObject({
      code: 'grant_refused',
      message: "the agent's key (AGENT_KEY_FILE) is no private key for ES256, as a JWK",
    })
  })

  it('is read anew each time, so that a rotated one counts', async () => {
    for (const kid of ['old', 'new']) {
      await writeFile(file, JSON.stringify({ ...(await jwkOf('ES256', 'privateKey')), kid }))
      expect((await clientKeyIn(file)).kid).toBe(kid)
    }
  })
})
