import { InsufficientScopeError, type StoredOAuthTokens } from '@modelcontextprotocol/client'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { McpAuthorization, type SharedSession } from './mcp-authorization.ts'

const issuer = 'https://idp.example'
const mcpUrl = 'https://mcp.example/mcp'
const redirectUri = 'http://127.0.0.1/callback'
const client = { redirectUri, registered: { clientId: 'agent-app', issuer } }
const promised = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
}

/** An ID token of this user; nobody here looks at its signature. */
const idTokenOf = (sub: string) => `e30.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.c2ln`
const tokensOf = (user: string, changes: Partial<StoredOAuthTokens> = {}): StoredOAuthTokens => ({
  access_token: `token of ${user}`,
  token_type: 'Bearer',
  id_token: idTokenOf(user),
  issuer,
  ...changes,
})

/** The metadata of the authorization server, and its answers at the token endpoint, one a request. */
let metadata: Record<string, unknown>
let answers: StoredOAuthTokens[]
const ask = vi.fn<(url: URL) => Promise<URL>>()
beforeEach(() => {
  metadata = promised
  answers = [tokensOf('alice')]
  ask.mockReset().mockImplementation(async (url) => answerTo(url))
})

/** The server that is asked for an authorization, and its authorization server. */
const network: typeof fetch = async (input) => {
  const { host, pathname } = new URL(input instanceof Request ? input.url : input)
  if (host === 'mcp.example') return Response.json({ resource: mcpUrl, authorization_servers: [issuer] })
  if (pathname === '/token') {
    const answer = answers.shift()
    return answer ? Response.json(answer) : Response.json({ error: 'invalid_grant' }, { status: 400 })
  }
  return pathname.includes('.well-known') ? Response.json(metadata) : new Response('', { status: 404 })
}

/** The address to which the authorization server sends the browser back after a yes, with parameters changed. */
function answerTo(url: URL, changes: Readonly<Record<string, string | undefined>> = {}): URL {
  const back = new URL(redirectUri)
  const parameters = { state: url.searchParams.get('state') ?? '', iss: issuer, code: 'code', ...changes }
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) back.searchParams.set(name, value)
  }
  return back
}

const authorization = (session?: SharedSession) =>
  new McpAuthorization({ mcpUrl, client, ask, fetch: network, ...(session && { session }) })
const refused = (scope?: string) => ({
  response: new Response('', {
    status: 401,
    headers: { 'www-authenticate': scope === undefined ? 'Bearer' : `Bearer scope="${scope}"` },
  }),
})
const scopeAskedFor = () => ask.mock.lastCall?.[0].searchParams.get('scope')
const missing = (requiredScope: string) => new InsufficientScopeError({ requiredScope })

describe('an answer that is none to this question is not redeemed', () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ['another state', { state: 'guessed' }, 'another state'],
    ['no state', { state: undefined }, 'another state'],
    ['another issuer', { iss: 'https://evil.example' }, 'Issuer mismatch'],
    ['no issuer, where one is promised', { iss: undefined }, 'Issuer mismatch'],
    [
      'an error of another issuer',
      { iss: 'https://evil.example', code: undefined, error: 'access_denied' },
      'Issuer mismatch',
    ],
    ['no code', { code: undefined }, 'neither a code nor an error'],
    ['a no', { code: undefined, error: 'access_denied' }, 'the person said no'],
    ['a no, with a code', { error: 'access_denied' }, 'the person said no'],
    ['an error', { code: undefined, error: 'server_error' }, 'refused with server_error'],
  ])('%s', async (_what, changes, reason) => {
    ask.mockImplementation(async (url) => answerTo(url, changes))
    const asking = authorization()
    await expect(asking.onUnauthorized(refused())).rejects.toThrow(reason)
    expect(answers).toHaveLength(1)
    expect(await asking.token()).toBeUndefined()
  })
})

describe('an authorization server that does not say that it checks PKCE with S256', () => {
  it.each([[undefined], [[]], [['plain']]])('is not asked: %j', async (methods) => {
    metadata = { ...promised, code_challenge_methods_supported: methods }
    await expect(authorization().onUnauthorized(refused())).rejects.toThrow()
    expect(ask).not.toHaveBeenCalled()
  })
})

describe('an answer of another user', () => {
  it('is refused, and the one of this session keeps the token', async () => {
    answers = [tokensOf('alice', { scope: 'a' }), tokensOf('bob')]
    const asking = authorization()
    await asking.onUnauthorized(refused('a'))
    await expect(asking.stepUp(missing('b'))).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('another user'),
    })
    expect(await asking.token()).toBe('token of alice')
  })

  it('is refused where it names nobody', async () => {
    const { id_token: _, ...nameless } = tokensOf('alice')
    answers = [tokensOf('alice', { scope: 'a' }), nameless]
    const asking = authorization()
    await asking.onUnauthorized(refused('a'))
    await expect(asking.stepUp(missing('b'))).rejects.toThrow('another user')
  })
})

describe('the scope that is asked for', () => {
  it('is the one that the server names, and then the one that was granted', async () => {
    answers = [tokensOf('alice', { scope: 'granted' }), tokensOf('alice')]
    const asking = authorization()
    await asking.onUnauthorized(refused('named'))
    expect(scopeAskedFor()).toBe('named')
    await asking.onUnauthorized(refused('all that there is'))
    expect(scopeAskedFor()).toBe('granted')
  })

  it('of a step up is what was granted and what is missing', async () => {
    answers = [tokensOf('alice', { scope: 'a' }), tokensOf('alice', { access_token: 'stepped up' })]
    const asking = authorization()
    await asking.onUnauthorized(refused('a'))
    await asking.stepUp(missing('b'))
    expect(scopeAskedFor()).toBe('a b')
    expect(await asking.token()).toBe('stepped up')
  })
})

it('asks nobody where the refresh token still holds', async () => {
  answers = [tokensOf('alice', { refresh_token: 'r' }), tokensOf('alice', { access_token: 'refreshed' })]
  const asking = authorization()
  await asking.onUnauthorized(refused())
  await asking.onUnauthorized(refused())
  expect(await asking.token()).toBe('refreshed')
  expect(ask).toHaveBeenCalledOnce()
})

it('asks once for calls that are refused at the same time', async () => {
  const asking = authorization()
  await Promise.all([asking.onUnauthorized(refused()), asking.onUnauthorized(refused())])
  expect(ask).toHaveBeenCalledOnce()
})

describe('a sign-in that was done before', () => {
  const shared = () => ({
    tokens: vi.fn(async () => tokensOf('alice', { scope: 'signed in' })),
    renewed: vi.fn(async (): Promise<StoredOAuthTokens | undefined> => undefined),
  })

  it('gives its token, and is renewed for that one alone', async () => {
    const session = shared()
    const asking = authorization(session)
    expect(await asking.token()).toBe('token of alice')
    expect(await asking.renewed('an older one')).toBe('token of alice')
    expect(session.renewed).not.toHaveBeenCalled()
    session.renewed.mockResolvedValue(tokensOf('alice', { access_token: 'renewed' }))
    expect(await asking.renewed('token of alice')).toBe('renewed')
    expect(await asking.renewed('token of alice')).toBe('renewed')
    expect(session.renewed).toHaveBeenCalledOnce()
  })

  it('is remembered where it has ended: its scope, and its user', async () => {
    answers = [tokensOf('bob')]
    const asking = authorization(shared())
    await asking.token()
    expect(await asking.renewed('token of alice')).toBeUndefined()
    await expect(asking.onUnauthorized(refused('named'))).rejects.toThrow('another user')
    expect(scopeAskedFor()).toBe('signed in')
  })

  it('changes nothing while the person is asked', async () => {
    const session = shared()
    const asking = authorization(session)
    await asking.token()
    session.tokens.mockResolvedValue(tokensOf('alice', { access_token: 'newer' }))
    let meanwhile: string | undefined
    ask.mockImplementation(async (url) => {
      meanwhile = await asking.token()
      return answerTo(url)
    })
    await asking.onUnauthorized(refused())
    expect(meanwhile).toBe('token of alice')
  })

  it('that answers late takes not the place of what the person gave', async () => {
    answers = [tokensOf('alice', { access_token: 'given' })]
    const session = shared()
    let give = (_: StoredOAuthTokens) => {}
    session.tokens.mockReturnValue(new Promise<StoredOAuthTokens>((resolve) => (give = resolve)))
    const asking = authorization(session)
    const late = asking.token()
    await asking.onUnauthorized(refused())
    give(tokensOf('alice', { access_token: 'late' }))
    expect(await late).toBe('given')
  })
})
