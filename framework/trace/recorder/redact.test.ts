import { describe, expect, it } from 'vitest'
import { testIssuer } from '../../contract/testing/issuer.ts'
import { fingerprint, Redactor, tokensIn } from './redact.ts'

const issuer = await testIssuer()
const token = await issuer.mint()

describe('Redactor', () => {
  const redactor = new Redactor()
  redactor.register('demo-key-of-alice', "alice's key")

  it.each([
    ['a token in a header', `Bearer ${token}`, token],
    ['a token in JSON', JSON.stringify({ access_token: token }), token],
    ['a registered secret', 'use demo-key-of-alice please', 'demo-key-of-alice'],
    ['a client secret in a header', 'Basic bWNwOnNlY3JldA==', 'bWNwOnNlY3JldA=='],
    ['a password in a form', 'username=alice&password=hunter2', 'hunter2'],
    ['a code in a redirect', 'http://127.0.0.1/callback?code=abc123&iss=x', 'abc123'],
    ['a code verifier', 'grant_type=x&code_verifier=vvvv', 'vvvv'],
    ['an opaque refresh token', '{"refresh_token": "opaque-refresh"}', 'opaque-refresh'],
    ['an opaque access token', '{"access_token":"opaque-access"}', 'opaque-access'],
  ])('hides %s', (_what, text, secret) => {
    const shown = redactor.redact(text)
    expect(shown).not.toContain(secret)
    expect(shown).toContain('‹')
  })

  it('keeps what tells two secrets apart', () => {
    expect(redactor.redact(token)).toContain(fingerprint(token))
    expect(redactor.redact(token)).toContain('expenses')
  })

  it('leaves everything else as it is', () => {
    const text = '{"error":"invalid_token","reason":"unexpected \\"aud\\"","status":401}'
    expect(redactor.redact(text)).toBe(text)
  })
})

describe('tokensIn', () => {
  it('decodes each token once', () => {
    const [only, ...more] = tokensIn(`${token} and ${token}`)
    expect(only).toMatchObject({
      header: { typ: 'at+jwt', alg: 'ES256' },
      claims: { aud: 'expenses' },
      fingerprint: fingerprint(token),
    })
    expect(more).toEqual([])
  })
  it('passes over what only looks like one', () => {
    expect(tokensIn('eyJhbGciOiJ.eyJub.x')).toEqual([])
  })
})
