import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { testIssuer } from '../testing/issuer.ts'
import { contentDigest } from './content-digest.ts'
import { verifyRequestSignature } from './request-signature.ts'
import { type SigningKey, signRequest } from './sign-request.ts'
import { signatureBase, signatureParams } from './signature-base.ts'

const url = 'http://127.0.0.1:4000/expenses?owner=bob'
const body = '{"amount":42}'
/** Written down once more: a verifier that forgets one is found. */
const coveredWithBody = ['@method', '@target-uri', 'authorization', 'dpop', 'content-digest']
const credentials = { authorization: 'DPoP token', dpop: 'proof' }
let issuer: Awaited<ReturnType<typeof testIssuer>>
let key: SigningKey & { readonly jwk: JWK }

beforeEach(async () => {
  issuer = await testIssuer()
  // A full second: `created` and `expires` have no others.
  issuer.clock.now = issuer.seconds() * 1000
  key = await keyPair()
})

async function keyPair() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  return {
    jwk,
    keyid: await calculateJwkThumbprint(jwk),
    created: issuer.seconds(),
    sign: (text: Uint8Array<ArrayBuffer>) =>
      crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, text),
  }
}

type Headers = Record<string, string>
const posted = { method: 'POST', url, body }

/** The headers of the usual request, signed but for what the test changes. */
const signed = (changes: Partial<SigningKey> = {}, request: Parameters<typeof signRequest>[0] = posted) =>
  signRequest(request, credentials, { ...key, ...changes })

/** The request as it arrives, with the headers and whatever somebody changed on the way. */
const verify = (headers: Headers, arrived: RequestInit & { readonly url?: string } = {}) =>
  verifyRequestSignature(
    new Request(arrived.url ?? url, { method: 'POST', body, ...arrived, headers }),
    issuer.service,
    key.jwk,
  )

/** A signature with an end, in seconds since the epoch. */
async function expiring(expires: number): Promise<Headers> {
  const { 'signature-input': _input, signature: _bytes, ...headers } = await signed()
  const parameters = new Map<string, string | number>([
    ['created', key.created],
    ['expires', expires],
    ['keyid', key.keyid],
    ['alg', 'ecdsa-p256-sha256'],
    ['tag', 'agent-auth-lab'],
  ])
  const request = { method: 'POST', url, headers: new globalThis.Headers(headers) }
  const bytes = await key.sign(new TextEncoder().encode(signatureBase(coveredWithBody, parameters, request)))
  return {
    ...headers,
    'signature-input': `sig=${signatureParams(coveredWithBody, parameters)}`,
    signature: `sig=:${Buffer.from(bytes).toString('base64')}:`,
  }
}

describe('verifyRequestSignature refuses', () => {
  const wrong: [string, RegExp, () => Promise<[Headers, (RequestInit & { url?: string })?]>][] = [
    ['no signature', /no signature with the tag/, async () => [credentials]],
    ['an input that is not readable', /not readable/, async () => [{ 'signature-input': '(((' }]],
    [
      'a signature that is not readable',
      /not readable/,
      async () => [{ ...(await signed()), signature: 'sig=:' }],
    ],
    ['no bytes', /no bytes/, async () => [{ ...(await signed()), signature: 'other=:AAAA:' }]],
    [
      'bytes that are a text',
      /no bytes/,
      async () => [{ ...(await signed()), signature: 'sig="signature"' }],
    ],
    ['another purpose', /no signature with the tag/, async () => [await renamed('tag="another"')]],
    [
      'two for the purpose',
      /more than one/,
      async () => {
        const headers = await signed()
        return [{ ...headers, 'signature-input': twice(headers['signature-input'] ?? '') }]
      },
    ],
    ['another method', /over another request/, async () => [await signed(), { method: 'PUT' }]],
    [
      'another path',
      /over another request/,
      async () => [await signed(), { url: 'http://127.0.0.1:4000/expenses/7?owner=bob' }],
    ],
    [
      'another query',
      /over another request/,
      async () => [await signed(), { url: 'http://127.0.0.1:4000/expenses?owner=dave' }],
    ],
    [
      'a request for another service',
      /over another request/,
      async () => [await signed({}, { ...posted, url: 'http://127.0.0.1:4001/expenses?owner=bob' })],
    ],
    ...Object.keys(credentials).map(
      (name) =>
        [
          `another ${name}`,
          /over another request/,
          async () => [{ ...(await signed()), [name]: 'another' }],
        ] as (typeof wrong)[number],
    ),
    ['another body', /body is not the one/, async () => [await signed(), { body: '{"amount":999}' }]],
    ['a body more', /content-digest is not signed/, async () => [await signed({}, { method: 'POST', url })]],
    [
      'a digest of an empty text',
      /body is not the one/,
      async () => [{ ...(await signed()), 'content-digest': contentDigest('') }],
    ],
    [
      'a digest of another length',
      /body is not the one/,
      async () => [{ ...(await signed()), 'content-digest': 'sha-256=:AAAA:' }],
    ],
    [
      'a digest by another algorithm alone',
      /no sha-256/,
      async () => [{ ...(await signed()), 'content-digest': 'md5=:AAAA:' }],
    ],
    [
      'a digest that is not readable',
      /Content-Digest is not readable/,
      async () => [{ ...(await signed()), 'content-digest': '((' }],
    ],
    [
      'a digest of another body',
      /over another request/,
      async () => {
        const other = '{"amount":999}'
        return [{ ...(await signed()), 'content-digest': contentDigest(other) }, { body: other }]
      },
    ],
    ...coveredWithBody.map(
      (left) =>
        [
          `one that leaves ${left} out`,
          new RegExp(`${left} is not signed`),
          async () => [await signed({ covered: coveredWithBody.filter((name) => name !== left) })],
        ] as (typeof wrong)[number],
    ),
    ['a header that the request lacks', /has no x-absent/, async () => [await added('"x-absent"')]],
    ['a component twice', /covered twice/, async () => [await added('"dpop"')]],
    ['a component with parameters', /mean nothing here/, async () => [await added('"@method";req')]],
    ['a component that is no text', /mean nothing here/, async () => [await added('7')]],
    ['another key', /keyid/, async () => [await signed(await keyPair())]],
    [
      'another key under the name of the right one',
      /over another request/,
      async () => [await signed({ ...(await keyPair()), keyid: key.keyid })],
    ],
    ['another algorithm', /alg: not/, async () => [await renamed('alg="hmac-sha256"')]],
    ['no time', /created: not/, async () => [await renamed('created="today"')]],
    ['61 s of age', /older than 60 s/, async () => [await signed({ created: issuer.seconds() - 61 })]],
    ['32 s ahead', /in the future/, async () => [await signed({ created: issuer.seconds() + 32 })]],
    ['its end', /expires/, async () => [await expiring(issuer.seconds())]],
    [
      'an input that lists no components',
      /no signature with the tag/,
      async () => [{ ...(await signed()), 'signature-input': 'sig="@method";tag="agent-auth-lab"' }],
    ],
    [
      'a digest that is said to be signed and is not there',
      /has no content-digest/,
      async () => {
        const { 'content-digest': _, ...headers } = await signed()
        return [headers]
      },
    ],
  ]

  it.each(wrong)('%s', async (_name, reason, make) => {
    const [headers, arrived] = await make()
    await expect(verify(headers, arrived)).rejects.toMatchObject({
      code: 'invalid_signature',
      scheme: 'DPoP',
      message: expect.stringMatching(reason),
    })
  })

  /** A signature whose input says this in place of the parameter of the same name. */
  async function renamed(parameter: string): Promise<Headers> {
    const headers = await signed()
    const [name] = parameter.split('=')
    const input = (headers['signature-input'] ?? '').replace(
      new RegExp(`${name}=("[^"]*"|\\d+)`),
      parameter.replaceAll('$', '$$'),
    )
    return { ...headers, 'signature-input': input }
  }

  async function added(component: string): Promise<Headers> {
    const headers = await signed()
    return {
      ...headers,
      'signature-input': (headers['signature-input'] ?? '').replace(')', ` ${component})`),
    }
  }

  const twice = (input: string) => `${input}, ${input.replace('sig=', 'again=')}`
})

describe('verifyRequestSignature accepts', () => {
  it('the request as it was signed, and leaves the body to be read', async () => {
    const request = new Request(url, { method: 'POST', body, headers: await signed() })
    await verifyRequestSignature(request, issuer.service, key.jwk)
    expect(await request.text()).toBe(body)
  })

  it('a request without a body', async () => {
    const request = { method: 'GET', url }
    const headers = await signed({}, request)
    expect(headers).not.toHaveProperty('content-digest')
    await verifyRequestSignature(new Request(url, { headers }), issuer.service, key.jwk)
  })

  it('another host in front, because the service knows its own address', async () => {
    await verify(await signed(), { url: 'http://proxy.internal/expenses?owner=bob' })
  })

  it('components in another order, and more of them', async () => {
    const covered = [...coveredWithBody.toReversed(), 'accept']
    const headers = await signRequest(posted, { ...credentials, accept: '*/*' }, { ...key, covered })
    await verify(headers)
  })

  it("a proxy's signature beside it, and a digest by another algorithm", async () => {
    const digest = `${contentDigest(body)}, sha-512=:AAAA:`
    const covered = coveredWithBody
    const bare = await signRequest(
      { method: 'POST', url },
      { ...credentials, 'content-digest': digest },
      { ...key, covered },
    )
    await verify({
      ...bare,
      'signature-input': `proxy=("@method");created=1;tag="proxy", ${bare['signature-input']}`,
      signature: `proxy=:AAAA:, ${bare.signature}`,
    })
  })

  it('60 s of age and 30 s ahead', async () => {
    await verify(await signed({ created: issuer.seconds() - 60 }))
    await verify(await signed({ created: issuer.seconds() + 30 }))
  })

  it('a signature that ends a second later', async () => {
    await verify(await expiring(issuer.seconds() + 1))
  })

  it('a body that is streamed', async () => {
    const stream = new Blob([body]).stream()
    await verify(await signed(), { body: stream, duplex: 'half' } as RequestInit)
  })
})
