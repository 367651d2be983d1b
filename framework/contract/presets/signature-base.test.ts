import { createHmac, createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contentDigest } from './content-digest.ts'
import { isSignatureOf } from './request-signature.ts'
import { signatureBase } from './signature-base.ts'

/** The request of RFC 9421 appendix B.2. */
const request = {
  method: 'POST',
  url: 'https://example.com/foo?param=Value&Pet=dog',
  headers: new Headers({
    date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'content-type': 'application/json',
    'content-length': '18',
  }),
}
const signedAt = (keyid: string) =>
  new Map<string, string | number>([
    ['created', 1618884473],
    ['keyid', keyid],
  ])

describe('signatureBase gives the text of RFC 9421', () => {
  it('appendix B.2.5, which a shared key signed', () => {
    const base = signatureBase(
      ['date', '@authority', 'content-type'],
      signedAt('test-shared-secret'),
      request,
    )
    const secret = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
    const hmac = createHmac('sha256', Buffer.from(secret, 'base64')).update(base).digest('base64')
    expect(hmac).toBe('pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=')
  })

  it('appendix B.2.6, which an Ed25519 key signed', () => {
    const covered = ['date', '@method', '@path', '@authority', 'content-type', 'content-length']
    const base = signatureBase(covered, signedAt('test-key-ed25519'), request)
    const x = 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs'
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signature =
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
    expect(verify(null, Buffer.from(base), key, Buffer.from(signature, 'base64'))).toBe(true)
  })

  it('section 2.2, for the target as a whole and in parts', () => {
    const at = (url: string) => signatureBase(['@target-uri', '@query'], new Map(), { ...request, url })
    expect(at('https://example.com/path?param=value&foo=bar')).toBe(
      '"@target-uri": https://example.com/path?param=value&foo=bar\n' +
        '"@query": ?param=value&foo=bar\n' +
        '"@signature-params": ("@target-uri" "@query")',
    )
    expect(at('https://example.com/path')).toContain('"@query": ?\n')
  })

  it('section 2.1, for a field that came twice', () => {
    const headers = new Headers([
      ['x-list', ' a'],
      ['x-list', 'b '],
    ])
    expect(signatureBase(['x-list'], new Map(), { ...request, headers })).toContain('"x-list": a, b\n')
  })

  it.each(['x-absent', '@status', '@unknown'])('and none for %s, which the request lacks', (name) => {
    expect(() => signatureBase([name], new Map(), request)).toThrow(`the request has no ${name}`)
  })
})

it('a signature by ecdsa-p256-sha256 is read as RFC 9421 appendix B.2.4 writes it', () => {
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
    y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
  }
  const signature = Buffer.from(
    'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==',
    'base64',
  )
  const base = [
    '"@status": 200',
    '"content-type": application/json',
    '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
    '"content-length": 23',
    '"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
  ].join('\n')
  expect(isSignatureOf(base, signature, key)).toBe(true)
  expect(isSignatureOf(base.replace('200', '201'), signature, key)).toBe(false)
})

it('a body has the digest of RFC 9530 appendix D.1', () => {
  expect(contentDigest('{"hello": "world"}')).toBe('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:')
})
