import { inspect } from 'node:util'
import {
  CompactSign,
  createLocalJWKSet,
  errors,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  UnsecuredJWT,
} from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { testIssuer } from '../testing/issuer.ts'
import { tokenFrom, verifyAccessToken, verifyAgentToken } from './access-token.ts'

type Issuer = Awaited<ReturnType<typeof testIssuer>>
let issuer: Issuer
beforeEach(async () => {
  issuer = await testIssuer()
})
const verify = (token: string) => verifyAccessToken(token, issuer.service, { audience: 'expenses' })

describe('verifyAccessToken refuses', () => {
  const wrong: [string, (i: Issuer) => Promise<string> | string][] = [
    ['another audience', (i) => i.mint({ aud: 'documents' })],
    ['no audience', (i) => i.mint({ aud: undefined })],
    ['another issuer', (i) => i.mint({ iss: 'http://elsewhere.test' })],
    ['an ID token', (i) => i.mint({}, { typ: 'JWT' })],
    ['no type', (i) => i.mint({}, { typ: undefined })],
    ['expiry more than 30 s ago', (i) => i.mint({ exp: i.seconds() - 31 })],
    ['not valid for more than 30 s', (i) => i.mint({ nbf: i.seconds() + 31 })],
    ['issued more than 30 s in the future', (i) => i.mint({ iat: i.seconds() + 31, exp: i.seconds() + 90 })],
    [
      'older than an hour though unexpired',
      (i) => i.mint({ iat: i.seconds() - 3631, exp: i.seconds() + 60 }),
    ],
    ['no expiry', (i) => i.mint({ exp: undefined })],
    ['no subject', (i) => i.mint({ sub: undefined })],
    ['no token id', (i) => i.mint({ jti: undefined })],
    ['no time of issue', (i) => i.mint({ iat: undefined })],
    ['an expiry that is no time', (i) => i.mint({ exp: 'never' })],
    ['an extension that must be understood', async (i) => withHeader(await i.mint(), { crit: ['x'], x: 1 })],
    ['an unknown user', (i) => i.mint({ sub: 'sub-of-nobody' })],
    ['an unknown key id', (i) => i.mint({}, { kid: 'k2' })],
    [
      'a key in the header',
      async (i) => i.mint({}, { jwk: { kty: 'EC' } }, (await generateKeyPair('ES256')).privateKey),
    ],
    ['another key', async (i) => i.mint({}, {}, (await generateKeyPair('ES256')).privateKey)],
    [
      'HS256 with the public key',
      async (i) => i.mint({}, { alg: 'HS256' }, new TextEncoder().encode(await exportSPKI(i.publicKey))),
    ],
    ['alg none', () => new UnsecuredJWT({ sub: 'sub-of-alice', aud: 'expenses' }).encode()],
    ['tampered claims', async (i) => tamper(await i.mint())],
    ['claims that are no object', (i) => signed('[]', i)],
    ['something else', () => 'not-a-token'],
  ]
  it.each(wrong)('%s', async (_what, make) => {
    await expect(verify(await make(issuer))).rejects.toMatchObject({ code: 'invalid_token', status: 401 })
  })

  it('a key of another algorithm, though the issuer publishes it', async () => {
    const other = await generateKeyPair('ES384', { extractable: true })
    const keys = [{ ...(await exportJWK(other.publicKey)), kid: 'k1', alg: 'ES384' }]
    const verifying = verifyAccessToken(await issuer.mint({}, { alg: 'ES384' }, other.privateKey), {
      ...issuer.service,
      jwks: createLocalJWKSet({ keys }),
    })
    await expect(verifying).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/alg/),
    })
  })

  it('a token that two keys of the issuer might have signed', async () => {
    const keys = [await exportJWK(issuer.publicKey), await exportJWK(issuer.publicKey)]
    const jwks = createLocalJWKSet({ keys })
    const verifying = verifyAccessToken(await issuer.mint({}, { kid: undefined }), {
      ...issuer.service,
      jwks,
    })
    await expect(verifying).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('a token without a subject, even where somebody is called "undefined"', async () => {
    const service = { ...issuer.service, userOf: (sub: string) => sub }
    const verifying = verifyAccessToken(await issuer.mint({ sub: undefined }), service)
    await expect(verifying).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/sub/),
    })
  })

  it('what has expired by the clock of the service, whatever the system says', async () => {
    const token = await issuer.mint()
    issuer.clock.now += 91_000
    await expect(verify(token)).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/exp/),
    })
  })

  it('everything, with 503 and not 401, while the keys are unavailable', async () => {
    const outage = { ...issuer.service, jwks: () => Promise.reject(new TypeError('fetch failed')) }
    const verifying = verifyAccessToken(await issuer.mint(), outage)
    await expect(verifying).rejects.toMatchObject({ code: 'idp_unavailable', status: 503 })
  })

  it.each<[reason: string, make: (issuer: Issuer) => Promise<string> | string]>([
    ['aud is documents, and this is expenses', (i) => i.mint({ aud: 'documents' })],
    [
      'aud is documents and directory, and this is expenses',
      (i) => i.mint({ aud: ['documents', 'directory'] }),
    ],
    ['aud is a\\nb, and this is expenses', (i) => i.mint({ aud: 'a\nb' })],
    ['the token has no claim aud', (i) => i.mint({ aud: undefined })],
    ['the token has no claim exp', (i) => i.mint({ exp: undefined })],
    [
      'iss is http://elsewhere.test, and this trusts http://idp.test',
      (i) => i.mint({ iss: 'http://elsewhere.test' }),
    ],
    ['expired 240 s ago', (i) => i.mint({ exp: i.seconds() - 240 })],
    ['expired 24 h ago', (i) => i.mint({ iat: i.seconds() - 86_700, exp: i.seconds() - 86_400 })],
    ['nbf: not valid for another 60 s', (i) => i.mint({ nbf: i.seconds() + 60 })],
    ['iat: issued 60 s in the future', (i) => i.mint({ iat: i.seconds() + 60, exp: i.seconds() + 90 })],
    [
      'iat: issued 2 h ago, and no token counts for longer than 60 min',
      (i) => i.mint({ iat: i.seconds() - 7200, exp: i.seconds() + 60 }),
    ],
    ['typ: the header says that this is no access token (at+jwt)', (i) => i.mint({}, { typ: 'JWT' })],
    ['signed by a key that the issuer does not publish', (i) => i.mint({}, { kid: 'k2' })],
    [
      'the signature does not hold: changed since, or signed by another key',
      async (i) => i.mint({}, {}, (await generateKeyPair('ES256')).privateKey),
    ],
    ['alg is not allowed: a signature counts by ES256', () => new UnsecuredJWT({ aud: 'expenses' }).encode()],
    ['malformed: not a signed JWT, which is header.payload.signature', () => 'not-a-token'],
  ])('with a reason that teaches: %s', async (reason, make) => {
    const error: Error = await verify(await make(issuer)).catch((thrown) => thrown)
    expect(error.message).toBe(reason)
    // The library's own words are kept for whoever debugs.
    expect(error.cause).toBeInstanceOf(errors.JOSEError)
  })

  it('without telling the token', async () => {
    const token = await issuer.mint({ aud: 'documents' })
    const error: Error = await verify(token).catch((thrown) => thrown)
    expect(error.message).not.toContain(token.slice(0, 20))
    expect(error.message).toContain('aud')
  })
})

describe('verifyAccessToken accepts', () => {
  it('a token addressed to the audience, and says what is in it', async () => {
    const act = { sub: 'mcp-server', act: { sub: 'planner' } }
    const token = await issuer.mint({
      aud: ['expenses'],
      scope: 'expenses:read  x',
      act,
      roles: ['user', 'owner'],
    })
    expect(await verify(token)).toMatchObject({
      userId: 'alice',
      roles: ['user'],
      scopes: ['expenses:read', 'x'],
      client: 'mcp-server',
      actors: ['mcp-server', 'planner'],
      rawToken: token,
    })
  })

  it('the token itself where its name alone finds it', async () => {
    const verified = await verify(await issuer.mint())
    expect(JSON.stringify(verified) + inspect(verified)).not.toContain(verified.rawToken)
    expect(Object.keys({ ...verified })).not.toContain('rawToken')
  })

  it('any audience where none is asked for: the pattern that does so must say why', async () => {
    const token = await verifyAccessToken(await issuer.mint({ aud: 'mcp-server' }), issuer.service)
    expect(token.claims.aud).toBe('mcp-server')
  })

  it.each([
    ['expired less than 30 s ago', { exp: -29 }],
    ['valid in less than 30 s', { nbf: 29 }],
    ['issued less than 30 s in the future', { iat: 29 }],
  ])('a token that is %s', async (_what, offsets) => {
    const now = issuer.seconds()
    const claims = Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, now + offset]))
    expect((await verify(await issuer.mint(claims))).userId).toBe('alice')
  })

  it.each([
    ['that is nobody', null, []],
    ['without a name', {}, ['']],
    ['without a name behind another', { sub: 'mcp-server', act: {} }, ['mcp-server', '']],
  ])('an actor %s, and does not pass over it', async (_what, act, actors) => {
    expect((await verify(await issuer.mint({ act }))).actors).toEqual(actors)
  })

  it('a token without roles, scope, client or actor, and takes none for granted', async () => {
    const token = await issuer.mint({ roles: undefined, scope: undefined, azp: undefined })
    expect(await verify(token)).toMatchObject({ roles: [], scopes: [], client: '', actors: [] })
  })
})

describe('tokenFrom', () => {
  const from = (authorization?: string, scheme: 'Bearer' | 'DPoP' = 'Bearer') =>
    tokenFrom(new Request('http://x', authorization ? { headers: { authorization } } : {}), scheme)

  it('refuses a request without the header', () => {
    expect(() => from()).toThrow(expect.objectContaining({ code: 'missing_credential' }))
  })
  it.each(['Bearer', 'Bearer ', 'DPoP abc', 'Basic abc', 'Bearer a b', 'abc'])('refuses "%s"', (header) => {
    expect(() => from(header)).toThrow(expect.objectContaining({ code: 'invalid_token' }))
  })
  it.each(['bearer abc', 'BEARER abc'])(
    'takes the token of "%s", whatever the case of the scheme',
    (header) => {
      expect(from(header)).toBe('abc')
    },
  )
  it.each([{ jkt: 'thumbprint' }, { 'x5t#S256': 'print' }, {}, null])(
    'refuses as a Bearer token what is bound to a key by cnf %j, and takes it with the scheme of its own',
    async (cnf) => {
      const token = await issuer.mint({ cnf })
      const refusal = { code: 'invalid_token', scheme: 'Bearer', message: expect.stringContaining('cnf') }
      expect(() => from(`Bearer ${token}`)).toThrow(expect.objectContaining(refusal))
      expect(from(`DPoP ${token}`, 'DPoP')).toBe(token)
    },
  )
  it('takes a Bearer token that is bound to no key', async () => {
    const token = await issuer.mint()
    expect(from(`Bearer ${token}`)).toBe(token)
  })
  it('names the scheme that it looked for, in every refusal', () => {
    expect(() => from()).toThrow(expect.objectContaining({ scheme: 'Bearer' }))
    expect(() => from('Basic abc')).toThrow(expect.objectContaining({ scheme: 'Bearer' }))
  })
})

function tamper(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...claims, roles: ['admin', 'user'] })).toString('base64url')
  return [header, changed, signature].join('.')
}

/** No library signs such a header, and it is looked at before the signature is. */
function withHeader(token: string, extra: Record<string, unknown>): string {
  const [header = '', ...rest] = token.split('.')
  const parameters = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...extra }
  return [Buffer.from(JSON.stringify(parameters)).toString('base64url'), ...rest].join('.')
}

function signed(payload: string, { privateKey }: Issuer): Promise<string> {
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .sign(privateKey)
}

describe('verifyAgentToken', () => {
  const ofAgent = { sub: 'nightly-job', azp: 'nightly-job', roles: undefined }
  const verifyAgent = (token: string) => verifyAgentToken(token, issuer.service, { audience: 'expenses' })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a user', { sub: 'sub-of-alice' }, /given to an agent for itself: it names a user$/],
    ['an actor', { act: { sub: 'mcp-server' } }, /it names an actor \(act\)$/],
    ['an actor that is nobody', { act: null }, /it names an actor/],
    ['a session', { sid: 'session-1' }, /it belongs to a session \(sid\)$/],
    ['no client', { azp: undefined }, /^the token names no client$/],
    ['another service', { aud: 'documents' }, /^aud is documents, and this is expenses$/],
    ['an hour that is over', { exp: 1 }, /^expired /],
  ])('refuses a token of %s', async (_what, claims, reason) => {
    await expect(verifyAgent(await issuer.mint({ ...ofAgent, ...claims }))).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(reason),
    })
  })

  it('knows the agent and its scopes, and nobody else', async () => {
    const token = await issuer.mint(ofAgent)
    const known = await verifyAgent(token)
    expect(known).toMatchObject({ client: 'nightly-job', scopes: ['expenses:read'] })
    expect(Object.keys(known).sort()).toEqual(['claims', 'client', 'scopes'])
    expect(known.rawToken).toBe(token)
  })
})
