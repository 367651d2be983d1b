import { clientProbes } from './client-probes.ts'
import { answerInWords, type Probe, probe, tokenInWords } from './probe.ts'
import { accessTokenType, type ProbeIdp, type TokenAnswer } from './probe-idp.ts'

/** The questions for both IdPs, in the order of the page. Each probe puts back what it changes. */
export const probes: readonly Probe[] = [
  probe('session token', async (idp) => tokenInWords((await idp.signIn('alice')).accessToken)),
  probe('session token, of a user without a role', async (idp) => {
    await idp.idp.admin.setRoles('dave', [])
    const { accessToken } = await idp.signIn('dave')
    await idp.idp.admin.reset()
    return tokenInWords(accessToken)
  }),
  probe('session token of rogue-agent', async (idp) =>
    tokenInWords((await idp.signIn('alice', { clientId: 'rogue-agent' })).accessToken),
  ),
  probe('ID token', async (idp) => tokenInWords((await idp.signIn('alice')).idToken)),
  exchange('exchange for one service and one scope', {}),
  exchange('exchange for two scopes', { scope: 'expenses:read expenses:write' }),
  exchange('exchange for a scope that the session does not have', { scope: 'expenses:approve' }),
  exchange('exchange for a scope of another service', { scope: 'users:manage' }),
  exchange('exchange with the delegation', { scope: 'expenses:read act-mcp-server' }),
  exchange('exchange with actor_token', { actor_token: 'x', actor_token_type: accessTokenType }),
  exchange('exchange with resource', { resource: 'https://expenses.example' }),
  exchange('exchange without scope', { scope: undefined }),
  exchange('exchange with an empty scope', { scope: '' }),
  exchange('exchange for an unknown scope', { scope: 'expenses:read nonsense' }),
  exchange('exchange without audience', { audience: undefined }),
  exchange('exchange for an audience without a mapper', { audience: 'mcp-server' }),
  exchange('exchange for an unknown audience', { audience: 'nobody' }),
  exchange('exchange for an ID token', { requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' }),
  exchange('exchange for a refresh token', {
    requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token',
  }),
  exchange('exchange of an ID token', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }),
  exchange('exchange without subject_token', { subject_token: undefined }),
  exchange('exchange without subject_token_type', { subject_token_type: undefined }),
  exchange('exchange of garbage', { subject_token: 'garbage' }),
  exchange('exchange with a wrong secret', {}, { id: 'mcp-server', secret: 'wrong' }),
  exchange('exchange by an unknown client', {}, { id: 'nobody', secret: 'wrong' }),
  exchange(
    'exchange by a client outside of the audience',
    { scope: 'expenses:read to-expenses' },
    { id: 'rogue-agent' },
  ),
  probe('exchange of an ID token as an access token', async (idp) =>
    answerInWords(await idp.exchange((await idp.signIn('alice')).idToken)),
  ),
  probe('exchange of a tampered token', async (idp) => {
    const [header, payload, signature] = (await idp.signIn('alice')).accessToken.split('.')
    const claims = {
      ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()),
      roles: ['admin', 'user'],
    }
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url')
    return answerInWords(await idp.exchange([header, forged, signature].join('.')))
  }),
  probe('exchange of a token that was exchanged, by the same client', async (idp) => {
    const { access_token = '' } = await idp.exchange((await idp.signIn('alice')).accessToken)
    return answerInWords(await idp.exchange(access_token))
  }),
  probe('exchange by rogue-agent of its own session', async (idp) => {
    const { accessToken } = await idp.signIn('alice', { clientId: 'rogue-agent' })
    const changes = { scope: 'expenses:read to-expenses' }
    return answerInWords(await idp.exchange(accessToken, changes, { id: 'rogue-agent' }))
  }),
  probe('exchange by rogue-agent, with the delegation', async (idp) => {
    const { accessToken } = await idp.signIn('alice', { clientId: 'rogue-agent' })
    const changes = { scope: 'expenses:read to-expenses act-mcp-server' }
    return answerInWords(await idp.exchange(accessToken, changes, { id: 'rogue-agent' }))
  }),
  probe('exchange with a DPoP proof', async (idp) => {
    const { accessToken } = await idp.signIn('alice')
    return answerInWords(await idp.exchange(accessToken, {}, { id: 'mcp-server', proof: await idp.proof() }))
  }),
  probe('exchange with a DPoP proof that was used', async (idp) => {
    const { accessToken } = await idp.signIn('alice')
    const client = { id: 'mcp-server', proof: await idp.proof() }
    await idp.exchange(accessToken, {}, client)
    return answerInWords(await idp.exchange(accessToken, {}, client))
  }),
  probe('exchange with an unreadable DPoP proof', async (idp) => {
    const { accessToken } = await idp.signIn('alice')
    return answerInWords(await idp.exchange(accessToken, {}, { id: 'mcp-server', proof: 'garbage' }))
  }),
  after('exchange after the user signed out everywhere', (idp) => idp.idp.admin.endSessions('alice')),
  after('exchange after the user was disabled', (idp) => idp.idp.admin.setUserEnabled('alice', false)),
  after('exchange after agent-app was disabled', (idp) => idp.idp.admin.setClientEnabled('agent-app', false)),
  after('exchange after mcp-server was disabled', (idp) =>
    idp.idp.admin.setClientEnabled('mcp-server', false),
  ),
  after('exchange after the service was disabled', (idp) =>
    idp.idp.admin.setClientEnabled('expenses', false),
  ),
  after('exchange after a role was taken away', (idp) => idp.idp.admin.setRoles('alice', ['read-only'])),
  probe('refresh', async (idp) => {
    const { refreshToken = '' } = await idp.signIn('alice')
    return answerInWords(await refresh(idp, refreshToken))
  }),
  probe('refresh with a token that was used', async (idp) => {
    const { refreshToken = '' } = await idp.signIn('alice')
    await refresh(idp, refreshToken)
    return answerInWords(await refresh(idp, refreshToken))
  }),
  ...clientProbes,
  probe('client credentials', async (idp) =>
    answerInWords(await idp.token({ grant_type: 'client_credentials' }, { id: 'mcp-server' })),
  ),
  probe('password grant', async (idp) =>
    answerInWords(
      await idp.token({
        grant_type: 'password',
        client_id: 'agent-app',
        username: 'alice',
        password: 'alice',
      }),
    ),
  ),
  probe('unknown grant', async (idp) =>
    answerInWords(await idp.token({ grant_type: 'x' }, { id: 'mcp-server' })),
  ),
  authorize('sign-in', {}),
  authorize('sign-in without PKCE', { code_challenge: undefined, code_challenge_method: undefined }),
  authorize('sign-in with PKCE plain', { code_challenge_method: 'plain' }),
  authorize('sign-in for an unknown scope', { scope: 'openid nonsense' }),
  authorize('sign-in for the delegation scope', { scope: 'openid act-mcp-server' }),
  authorize('sign-in back to another port of loopback', { redirect_uri: 'http://127.0.0.1:4711/callback' }),
  authorize('sign-in back to another path', { redirect_uri: 'http://127.0.0.1/elsewhere' }),
  authorize('sign-in back to localhost', { redirect_uri: 'http://localhost/callback' }),
  authorize('sign-in for a token in the front channel', { response_type: 'token' }),
  authorize('sign-in without a prompt', { prompt: 'none' }),
  probe('sign-in with a wrong password', async (idp) => {
    const refusal = await idp.signIn('alice', { password: 'wrong' }).then(
      () => 'signed in',
      (error: Error) => error.message,
    )
    await idp.idp.admin.reset()
    return refusal
  }),
  probe('introspection of a session token by its audience', async (idp) => {
    const { accessToken: token } = await idp.signIn('alice')
    const { status, error, ...answer } = await idp.post(
      'introspection_endpoint',
      { token },
      { id: 'mcp-server' },
    )
    return `${status} ${error ?? JSON.stringify({ active: (answer as { active?: boolean }).active })}`
  }),
  probe('revocation of a session token', async (idp) => {
    const { accessToken: token } = await idp.signIn('alice')
    const { status, error } = await idp.post('revocation_endpoint', { token, client_id: 'agent-app' })
    return `${status} ${error ?? ''}; then exchanged: ${answerInWords(await idp.exchange(token))}`
  }),
  ...(
    [
      'code_challenge_methods_supported',
      'authorization_response_iss_parameter_supported',
      'grant_types_supported',
    ] as const
  ).map((key) =>
    probe(`metadata: ${key}`, async (idp) => JSON.stringify((await idp.metadata())[key] ?? null)),
  ),
]

function exchange(
  name: string,
  changes: Readonly<Record<string, string | undefined>>,
  client?: { id: string; secret?: string },
): Probe {
  return probe(name, async (idp) =>
    answerInWords(await idp.exchange((await idp.signIn('alice')).accessToken, changes, client)),
  )
}

/** An exchange of a token that was good until something happened. */
function after(name: string, happens: (idp: ProbeIdp) => Promise<void>): Probe {
  return probe(name, async (idp) => {
    const { accessToken } = await idp.signIn('alice')
    try {
      await happens(idp)
      return answerInWords(await idp.exchange(accessToken))
    } finally {
      await idp.idp.admin.reset()
    }
  })
}

function authorize(name: string, changes: Readonly<Record<string, string | undefined>>): Probe {
  return probe(name, (idp) => idp.authorize(changes))
}

function refresh(idp: ProbeIdp, refreshToken: string): Promise<TokenAnswer> {
  return idp.token({ grant_type: 'refresh_token', client_id: 'agent-app', refresh_token: refreshToken })
}
