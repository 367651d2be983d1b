import { describe, expect, it } from 'vitest'
import { testIssuer } from '../../contract/testing/issuer.ts'
import { fingerprint, Redactor, tokensIn } from './redact.ts'

const issuer = await testIssuer()
const token = await issuer.mint()

describe('Redactor', () => {
  const redactor = new Redactor()
  redactor.register('demo-key-of-alice', "alice's key")
  redactor.register('key+/of=bob 1', "bob's key")

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
    ['a secret of another case', 'Client_Secret=abc123', 'abc123'],
    ['an assertion', 'grant_type=x&assertion=opaque-assertion', 'opaque-assertion'],
    ['a client assertion', 'client_assertion=opaque-client', 'opaque-client'],
    ['a subject token', 'subject_token=opaque-subject&x=y', 'opaque-subject'],
    ['an actor token', 'actor_token=opaque-actor', 'opaque-actor'],
    ['a device code', 'device_code=opaque-device', 'opaque-device'],
    ['a one-time password', 'otp=123456', '123456'],
    ['the ticket of a question', 'ticket=VKekny-ANc4JL&answer=approve', 'VKekny'],
    ['a key in JSON', '{"api_key": "opaque-key"}', 'opaque-key'],
    ['a secret with escapes in JSON', '{"password":"a\\"bc\\\\def"}', 'def'],
    [
      'a token in JSON within JSON',
      JSON.stringify({ text: '{"refresh_token":"opaque-nested"}' }),
      'opaque-nested',
    ],
    ['the private part of a JWK', '{"kty":"EC","d":"0123456789abcdefghijKLMNOP"}', 'abcdefghij'],
    ['a scheme in a sentence', 'boom Bearer sk-proj-0123456789abcdef', '0123456789'],
    ['a password in a URL', 'http://admin:hunter2@127.0.0.1/', 'hunter2'],
    ['a token in base64', Buffer.from(token).toString('base64'), Buffer.from(token).toString('base64')],
    ['a registered secret in base64', btoa('demo-key-of-alice'), btoa('demo-key-of-alice')],
    [
      'a registered secret in a query',
      `q=${encodeURIComponent('key+/of=bob 1')}`,
      encodeURIComponent('key+/of=bob 1'),
    ],
  ])('hides %s', (_what, text, secret) => {
    const shown = redactor.redact(text)
    expect(shown).not.toContain(secret)
    expect(shown).toContain('‹')
  })

  it('keeps what tells two secrets apart', () => {
    expect(redactor.redact(token)).toContain(fingerprint(token))
    expect(redactor.redact(token)).toContain('expenses')
  })

  it('keeps that whole in a form, where a secret ends at the first space', () => {
    const shown = `‹jwt for expenses ${fingerprint(token)}›`
    expect(redactor.redact(`grant_type=x&subject_token=${token}&assertion=${token}`)).toBe(
      `grant_type=x&subject_token=${shown}&assertion=${shown}`,
    )
  })

  it.each([
    '{"error":"invalid_token","reason":"unexpected \\"aud\\"","status":401}',
    '{"code":"access_denied","state":"pending","token":"sha256:1f2e3d4c","nonce":"n"}',
    'Bearer realm="expenses", error="invalid_token", resource_metadata="http://127.0.0.1:4001/x"',
    'a Bearer token-forwarding-pattern is one for everybody',
    'error_code=17&mode=x',
    'What are my expenses?',
    '{"api_key":"sha256:1f2e3d4c"}',
  ])('leaves everything else as it is: %s', (text) => {
    expect(redactor.redact(text)).toBe(text)
  })

  it('gives no digest of what people choose', () => {
    expect(redactor.redact('username=alice&password=hunter2')).toBe('username=alice&password=‹secret›')
    expect(redactor.redact('http://admin:hunter2@127.0.0.1/')).toBe('http://admin:‹secret›@127.0.0.1/')
  })

  it.each([
    ['for nobody', { aud: undefined }, /^‹jwt for nobody sha256:/],
    [
      'that is a proof',
      { htm: 'POST', htu: 'http://a.example/token' },
      /^‹proof POST http:\/\/a\.example\/token sha256:/,
    ],
  ])('tells of a token %s', async (_what, claims, shown) => {
    expect(redactor.redact(await issuer.mint(claims))).toMatch(shown)
  })

  it('tells of a token that cannot be read that it looks like one', () => {
    expect(redactor.redact('eyJhbGciOiJ.eyJub.x')).toMatch(/^‹jwt sha256:\w+›$/)
  })

  it('hides nothing for want of a secret', () => {
    const careless = new Redactor()
    careless.register('', 'no key')
    expect(careless.redact('abc')).toBe('abc')
  })

  it('leaves a label alone that it has put there itself', () => {
    for (const text of [
      'client_secret=demo-key-of-alice',
      '{"api_key":"demo-key-of-alice"}',
      'code=abc123',
    ]) {
      const once = redactor.redact(text)
      expect(redactor.redact(once)).toBe(once)
    }
  })
})

describe('a header', () => {
  const redactor = new Redactor()
  redactor.register('demo-key-of-alice', "alice's key")
  const opaque = 'opaque-0123456789abcdef'

  it.each([
    ['authorization', `Bearer ${opaque}`, /^Bearer ‹sha256:\w+›$/],
    ['authorization', `GNAP ${opaque}`, /^GNAP ‹sha256:\w+›$/],
    ['authorization', `Digest username="alice", response="${opaque}"`, /^Digest ‹sha256:\w+›$/],
    ['authorization', 'Bearer short', /^Bearer ‹sha256:\w+›$/],
    ['authorization', 'hunter2', /^‹sha256:\w+›$/],
    ['authorization', `Bearer ${token}`, /^Bearer ‹jwt for expenses sha256:\w+›$/],
    ['proxy-authorization', 'Basic YTpi', /^Basic ‹client secret›$/],
    ['cookie', `sid=${opaque}`, /^‹cookie›$/],
    ['set-cookie', `sid=${opaque}; Path=/`, /^‹cookie›$/],
    ['x-api-key', 'demo-key-of-alice', /^‹alice's key sha256:\w+›$/],
    ['x-api-key', 'hunter2', /^‹sha256:\w+›$/],
    ['mcp-session-id', 'short', /^‹sha256:\w+›$/],
    ['x-session-token', opaque, /^‹sha256:\w+›$/],
    ['x-jwt-b64', Buffer.from(token).toString('base64'), /^‹sha256:\w+›$/],
    ['x-id', opaque, /^‹sha256:\w+›$/],
    ['x-id', 'x'.repeat(41), /^‹sha256:\w+›$/],
    ['x-id', 'a{b}', /^‹sha256:\w+›$/],
    ['x-id', 'demo-key-of-alice and more', /^‹sha256:\w+›$/],
  ])('%s: %s is hidden', (name, value, shown) => {
    expect(redactor.redactHeader(name, value)).toMatch(shown)
  })

  it.each([
    ['content-type', 'application/json'],
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['www-authenticate', 'Bearer realm="expenses", error="invalid_token"'],
    ['x-user-id', 'alice'],
    ['x-roles', 'admin, user'],
  ])('%s: %s is shown', (name, value) => {
    expect(redactor.redactHeader(name, value)).toBe(value)
  })
})

describe('a secret that showed itself by its place', () => {
  const opaque = 'opaque-0123456789abcdef'
  it.each([
    ['a scheme', { authorization: `Bearer ${opaque}` }, ''],
    ['a cookie', { cookie: `a=b; sid=${opaque}` }, ''],
    ['a header of its own', { 'x-session-token': opaque }, ''],
    ['a form', {}, `grant_type=x&refresh_token=${opaque}`],
    ['an answer', {}, `{"access_token":"${opaque}"}`],
  ])('is hidden wherever else it turns up: %s', (_what, headers, body) => {
    const redactor = new Redactor()
    expect(redactor.redact(`it was ${opaque}, I think`)).toContain(opaque)
    redactor.learn(new Headers(headers as Record<string, string>), body)
    expect(redactor.redact(`it was ${opaque}, I think`)).toMatch(/^it was ‹sha256:\w+›, I think$/)
  })

  it('is not learned from a word, a short text, or a header that everybody sends', () => {
    const redactor = new Redactor()
    const headers = {
      authorization: 'Bearer demonstrations-of-words',
      'x-api-key': 'short1',
      'user-agent': `a ${opaque}`,
      'x-request-id': opaque,
    }
    redactor.learn(new Headers(headers), '')
    const text = `demonstrations-of-words short1 ${opaque}`
    expect(redactor.redact(text)).toBe(text)
  })

  it('is no token that says what it is: that is known by its shape', () => {
    const redactor = new Redactor()
    redactor.learn(new Headers({ authorization: `Bearer ${token}` }), '')
    expect(redactor.redact(token)).toMatch(/^‹jwt for expenses sha256:/)
  })

  it('is remembered for longer where it is seen again', () => {
    const redactor = new Redactor()
    const learn = (n: number) => redactor.learn(new Headers({ authorization: `Bearer ${opaque}-${n}` }), '')
    for (let n = 0; n < 256; n++) learn(n)
    learn(0)
    for (let n = 256; n < 300; n++) learn(n)
    expect(redactor.redact(`"${opaque}-0"`)).not.toContain(opaque)
  })

  it('is hidden as often as it is shown', () => {
    const redactor = new Redactor()
    redactor.learn(new Headers({ authorization: `Bearer ${opaque}` }), '')
    for (let time = 0; time < 3; time++) {
      expect(redactor.redact(opaque)).not.toContain(opaque)
      expect(redactor.redactHeader('referer', opaque)).not.toContain(opaque)
    }
  })

  it('is forgotten when many others have come', () => {
    const redactor = new Redactor()
    for (let n = 0; n < 300; n++) redactor.learn(new Headers({ authorization: `Bearer ${opaque}-${n}` }), '')
    expect(redactor.redact(`${opaque}-299`)).not.toContain(opaque)
    expect(redactor.redact(`${opaque}-0 `)).toContain(`${opaque}-0 `)
  })
})

describe('a value with secrets in it', () => {
  const redactor = new Redactor()
  redactor.register('demo-key-of-alice', "alice's key")
  it('keeps its form', () => {
    const value = {
      text: `a ${token}`,
      list: ['demo-key-of-alice', 7, null, undefined],
      of: { password: 'x', n: true },
    }
    expect(redactor.redactAll(value)).toEqual({
      text: expect.stringMatching(/^a ‹jwt for expenses/),
      list: [expect.stringMatching(/^‹alice's key/), 7, null, undefined],
      of: { password: '‹secret›', n: true },
    })
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

describe('a text that was harmless before', () => {
  it.each<[string, (redactor: Redactor) => void]>([
    ['registered', (redactor) => redactor.register('a1b2c3d4e5f6a7b8', 'a key')],
    ['learned', (redactor) => redactor.learn(new Headers({ 'x-api-key': 'a1b2c3d4e5f6a7b8' }), '')],
  ])('is redacted as soon as its secret is %s', (_how, makeKnown) => {
    const redactor = new Redactor()
    const text = 'said a1b2c3d4e5f6a7b8'
    expect([redactor.redact(text), redactor.redact(text)]).toEqual([text, text])
    makeKnown(redactor)
    expect(redactor.redact(text)).not.toContain('a1b2c3d4e5f6a7b8')
  })
})
