import { UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { testIssuer } from '../testing/issuer.ts'
import { providerTokens } from '../testing/provider-tokens.ts'
import { verifyAccessToken } from './access-token.ts'
import { audienceOf, checkProfile, type TokenProfile, tokenIdOf, tokenProfiles } from './token-profile.ts'

type Issuer = Awaited<ReturnType<typeof testIssuer>>
const issuers: Record<string, Issuer> = {}
beforeAll(async () => {
  for (const alg of ['ES256', 'RS256']) issuers[alg] = await testIssuer(alg)
})

/** Takes the defaults of the test issuer out: a provider's token holds what its documentation shows, and no more. */
const bare = {
  sub: undefined,
  aud: undefined,
  azp: undefined,
  scope: undefined,
  roles: undefined,
  jti: undefined,
}

/** As much as the profile of the realm asks for, and no role. */
const mintable = { sub: 'sub-of-alice', jti: 'token-1', azp: 'the-client', scope: 'expenses:read' }

describe.each(providerTokens)('$provider', ({ profile: name, header, access, id }) => {
  const profile: TokenProfile = tokenProfiles[name]
  const audience = audienceOf(profile, 'expenses')
  const issuer = () => issuers[profile.algorithms[0] ?? ''] as Issuer
  const mint = (claims: object, over: object = {}) =>
    issuer().mint({ ...bare, ...claims }, { ...header, ...over })
  const verify = (token: string, checks: { audience?: string } = { audience }) =>
    verifyAccessToken(token, { ...issuer().service, profile }, checks)
  const refused = { code: 'invalid_token' }

  it('refuses its ID token, whether that says JWT or nothing', async () => {
    // Addressed to the service, and not checked for it: the worst case is a service that is also a client.
    for (const typ of ['JWT', undefined]) {
      const checking = verify(await mint(id, { typ }), {})
      await expect(checking).rejects.toMatchObject({
        ...refused,
        message: expect.stringMatching(/typ|has no claim/),
      })
    }
  })

  it('refuses another type', async () => {
    const other = profile.type === 'JWT' ? 'at+jwt' : 'JWT'
    for (const typ of [other, 'logout+jwt', 'dpop+jwt']) {
      await expect(verify(await mint(access, { typ }))).rejects.toMatchObject({
        ...refused,
        message: expect.stringMatching(/typ/),
      })
    }
  })

  it('refuses HMAC and none', async () => {
    const shared = new TextEncoder().encode('a secret that both sides have, 32 bytes or more')
    const claims = { ...bare, ...access }
    for (const token of [
      await issuer().mint(claims, { ...header, alg: 'HS256' }, shared),
      unsecured(claims),
    ]) {
      await expect(verify(token)).rejects.toMatchObject(refused)
    }
  })

  it('refuses a token for another audience', async () => {
    const { audienceIn = 'aud' } = profile
    const token = await mint({ ...access, [audienceIn]: audienceOf(profile, 'documents') })
    await expect(verify(token)).rejects.toMatchObject({ ...refused, message: new RegExp(audienceIn) })
  })

  it.each(
    [
      profile.user,
      profile.tokenId,
      ...(profile.type === 'JWT' ? [profile.client, profile.scopes] : []),
    ].filter((claim) => claim !== undefined),
  )('refuses a token without %s', async (claim) => {
    const token = await mint({ ...access, [claim]: undefined })
    await expect(verify(token)).rejects.toMatchObject({ ...refused, message: new RegExp(claim) })
  })

  it('reads user, client and scopes of its access token, and takes no role for granted', async () => {
    const verified = await verify(await mint(access))
    expect(verified).toMatchObject({ userId: 'alice', client: access[profile.client], roles: [] })
    expect(verified.scopes).toContain('expenses:read')
    expect(tokenIdOf(verified.claims, profile)).toBe(access.jti ?? access.uti)
  })
})

describe('a profile', () => {
  it('knows no token by a name that another provider uses', async () => {
    const { mint, service } = issuers.ES256 as Issuer
    const profile = { ...tokenProfiles.okta, algorithms: ['ES256'] }
    const verifying = verifyAccessToken(await mint({}, { typ: 'JWT' }), { ...service, profile })
    await expect(verifying).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/has no claim (uid|cid|scp)/),
    })
  })

  it.each([[['HS256']], [['none']], [['ES256', 'HS512']], [['ES256', 'NONE']], [[]]])(
    'is refused with the algorithms %j, and no token with it',
    async (algorithms) => {
      const profile = { ...tokenProfiles.keycloak, algorithms }
      const { mint, service } = issuers.ES256 as Issuer
      expect(() => checkProfile(profile)).toThrow(/needs public-key signature algorithms/)
      await expect(verifyAccessToken(await mint(), { ...service, profile })).rejects.toThrow(TypeError)
    },
  )

  it.each(['RS256', 'PS512', 'ES384', 'EdDSA', 'Ed25519'])('may have %s', (algorithm) => {
    checkProfile({ ...tokenProfiles.keycloak, algorithms: [algorithm] })
  })

  it('reads scopes that are no words as none', async () => {
    const { mint, service } = issuers.ES256 as Issuer
    const token = await mint({ scope: ['expenses:read', 7, '', { a: 1 }] })
    expect((await verifyAccessToken(token, service)).scopes).toEqual(['expenses:read'])
  })

  it.each([
    [{ type: 'JWT', scopes: 'roles' } as const, /of type JWT needs scopes .* has them in roles/],
    [{ client: 'sub' }, /one claim for user and client/],
    [{ audienceIn: 'sub' }, /the audience in a claim of its own, and has it in sub/],
    [{ audienceIn: 'scope' }, /the audience in a claim of its own/],
    [{ maxAge: 0 }, /maximum age/],
    [{ maxAge: Number.NaN }, /maximum age/],
  ])('that cannot work is refused: %j', (differences, why) => {
    expect(() => checkProfile({ ...tokenProfiles.keycloak, ...differences })).toThrow(why)
  })

  it('may read scopes from any claim where the type tells ID tokens apart', () => {
    checkProfile({ ...tokenProfiles.keycloak, scopes: 'roles' })
    for (const profile of Object.values(tokenProfiles)) checkProfile(profile)
  })

  it.each([3600, 86_400])('says how old a token may be: %i s', async (maxAge) => {
    const { mint, service, seconds } = issuers.ES256 as Issuer
    const profile = { ...tokenProfiles.keycloak, maxAge }
    const aged = async (age: number) =>
      verifyAccessToken(await mint({ iat: seconds() - age, exp: seconds() + 60 }), { ...service, profile })
    await expect(aged(maxAge + 31)).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/iat/),
    })
    await expect(aged(maxAge)).resolves.toMatchObject({ userId: 'alice' })
  })

  it('takes a token alone that says what it must say', async () => {
    const { mint, service } = issuers.RS256 as Issuer
    const verifying = async (token_use: unknown) =>
      verifyAccessToken(await mint({ client_id: 'expenses', token_use }, { typ: undefined }), {
        ...service,
        profile: tokenProfiles.cognito,
      })
    for (const other of ['id', undefined, ['access']]) {
      await expect(verifying(other)).rejects.toMatchObject({
        code: 'invalid_token',
        message: expect.stringMatching(/token_use/),
      })
    }
    await expect(verifying('access')).resolves.toMatchObject({ client: 'expenses' })
  })

  it.each(['ID', 'Refresh', 'Logout', 7])('of type JWT refuses a token of the kind %s', async (typ) => {
    const { mint, service } = issuers.ES256 as Issuer
    const profile = { ...tokenProfiles.keycloak, type: 'JWT' } as const
    const verifying = async (kind: unknown) =>
      verifyAccessToken(await mint({ typ: kind }, { typ: 'JWT' }), { ...service, profile })
    await expect(verifying(typ)).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/typ/),
    })
    for (const kind of ['Bearer', 'DPoP', undefined]) await expect(verifying(kind)).resolves.toBeDefined()
  })

  it.each<[string, Record<string, unknown>, string[]]>([
    ['realm_access.roles', { realm_access: { roles: ['admin', 'offline_access'] } }, ['admin']],
    ['a.b.c', { a: { b: { c: ['user'] } } }, ['user']],
    ['https://acme.example/roles', { 'https://acme.example/roles': ['user'] }, ['user']],
    ['realm_access.roles', { 'realm_access.roles': ['user'], realm_access: { roles: ['admin'] } }, ['user']],
    ['role', { role: 'admin' }, ['admin']],
    ['role', { role: 'not an admin' }, []],
    ['role', { role: { admin: true } }, []],
    ['realm_access.roles', { realm_access: null }, []],
    ['realm_access.roles', { realm_access: 'roles' }, []],
    ['toString.name', {}, []],
  ])('finds the roles at %s in %j', async (at, claims, found) => {
    const { mint, service } = issuers.ES256 as Issuer
    const profile = { ...tokenProfiles.keycloak, roles: at }
    const verified = await verifyAccessToken(await mint({ ...bare, ...mintable, ...claims }), {
      ...service,
      profile,
    })
    expect(verified.roles).toEqual(found)
  })

  it('names audiences by a template, or each by its own', () => {
    const own = { expenses: 'guid-1', documents: 'guid-2', directory: 'guid-3', 'mcp-server': 'guid-4' }
    expect(audienceOf(tokenProfiles.keycloak, 'mcp-server')).toBe('mcp-server')
    expect(audienceOf(tokenProfiles['entra-v1'], 'expenses')).toBe('api://expenses')
    expect(audienceOf({ ...tokenProfiles.keycloak, audience: own }, 'directory')).toBe('guid-3')
  })

  it('gives no id of a token that has none', () => {
    expect(tokenIdOf({ jti: 'a' })).toBe('a')
    expect(tokenIdOf({ jti: 'a', undefined: 'b' }, tokenProfiles.auth0)).toBeUndefined()
    expect(tokenIdOf(undefined)).toBeUndefined()
    expect(tokenIdOf({ uti: 7 }, tokenProfiles['entra-v2'])).toBeUndefined()
  })
})

/** As JSON writes it: what is undefined is left out. */
function unsecured(claims: object): string {
  return new UnsecuredJWT(JSON.parse(JSON.stringify(claims))).encode()
}

/** The greatest age of a token in seconds, as the providers document the lives of theirs; an hour by default. */
const ages = {
  keycloak: 3600,
  rfc9068: 3600,
  okta: 3600,
  auth0: 86_400,
  'entra-v2': 5400,
  'entra-v1': 5400,
  cognito: 86_400,
} as const

describe.each(providerTokens)('the age of a token of $provider', ({ profile: name, header, access }) => {
  const profile: TokenProfile = tokenProfiles[name]
  const age = ages[name]
  const verifyAfter = async (seconds: number) => {
    const issuer = issuers[profile.algorithms[0] ?? ''] as Issuer
    const iat = Math.floor(issuer.service.now() / 1000)
    const token = await issuer.mint({ ...bare, ...access, iat, exp: iat + 2 * age }, header)
    const now = () => (iat + seconds) * 1000
    return verifyAccessToken(
      token,
      { ...issuer.service, now, profile },
      { audience: audienceOf(profile, 'expenses') },
    )
  }

  it('is at most what is documented', async () => {
    await expect(verifyAfter(age + 60)).rejects.toMatchObject({
      code: 'invalid_token',
      message: expect.stringMatching(/iat/),
    })
    await expect(verifyAfter(age - 60)).resolves.toMatchObject({ userId: 'alice' })
  })
})

it('reads the roles of Cognito from its groups', async () => {
  const cognito = providerTokens.find(({ profile }) => profile === 'cognito')
  const profile: TokenProfile = tokenProfiles.cognito
  const issuer = issuers.RS256 as Issuer
  const token = await issuer.mint(
    { ...bare, ...cognito?.access, 'cognito:groups': ['admin'] },
    cognito?.header,
  )
  const { roles } = await verifyAccessToken(
    token,
    { ...issuer.service, profile },
    { audience: audienceOf(profile, 'expenses') },
  )
  expect(roles).toEqual(['admin'])
})

it('says which algorithm is unfit, or that there is none', () => {
  const { keycloak } = tokenProfiles
  expect(() => checkProfile({ ...keycloak, algorithms: ['ES256', 'HS256'] })).toThrow(/and has HS256$/)
  expect(() => checkProfile({ ...keycloak, algorithms: [] })).toThrow(/and has none at all$/)
})
