import { answerInWords, type Probe, probe } from './probe.ts'
import type { Changes, ProbeIdp, TokenAnswer } from './probe-idp.ts'

const mcp = 'http://127.0.0.1:4000/mcp'
const other = 'http://127.0.0.1:4001/mcp'

/**
 * The sequences of sign-in, refresh and `resource` (RFC 8707) that standard MCP clients make. The realm's audiences come
 * from its scopes, so in both `resource` changes nothing, and no client is locked out by naming it.
 */
export const clientProbes: readonly Probe[] = [
  signIn('without `resource`', {}),
  signIn('with one `resource` in both requests', { authorize: { resource: mcp }, redeem: { resource: mcp } }),
  signIn('with `resource` in the first request alone', { authorize: { resource: mcp } }),
  signIn('with `resource` in the second request alone', { redeem: { resource: mcp } }),
  signIn('with another `resource` in the second request', {
    authorize: { resource: mcp },
    redeem: { resource: other },
  }),
  signIn('with two resources', {
    authorize: { resource: [mcp, other] },
    redeem: { resource: [mcp, other] },
  }),
  signIn('with a `resource` that has a fragment', {
    authorize: { resource: `${mcp}#x` },
    redeem: { resource: `${mcp}#x` },
  }),
  signIn('with a `resource` that is no URI', { authorize: { resource: 'mcp' }, redeem: { resource: 'mcp' } }),
  signIn('without `openid`', { authorize: { scope: 'expenses:read' } }),
  signIn('without any scope', { authorize: { scope: undefined } }),
  signIn('with `offline_access`', { authorize: { scope: 'openid expenses:read offline_access' } }),
  signIn('with `prompt=consent`', { authorize: { prompt: 'consent' } }),
  signIn('with `prompt=login`', { authorize: { prompt: 'login' } }),
  probe('a code that comes twice', async (idp) => {
    const { code = '', codeVerifier } = await idp.code()
    const first = await idp.redeem(code, codeVerifier)
    const second = await idp.redeem(code, codeVerifier)
    const refreshed = await refresh(idp, first)
    return [second, refreshed].map(brief).join('; then refreshed: ')
  }),
  afterwards(
    'refresh with the `resource` of the sign-in',
    { authorize: { resource: mcp }, redeem: { resource: mcp } },
    { resource: mcp },
  ),
  afterwards(
    'refresh without the `resource` of the sign-in',
    { authorize: { resource: mcp }, redeem: { resource: mcp } },
    {},
  ),
  afterwards(
    'refresh with another `resource`',
    { authorize: { resource: mcp }, redeem: { resource: mcp } },
    { resource: other },
  ),
  afterwards('refresh with a `resource` that the sign-in had not', {}, { resource: mcp }),
  afterwards('refresh for the same scopes', {}, { scope: 'openid expenses:read expenses:write' }),
  afterwards('refresh for fewer scopes', {}, { scope: 'openid expenses:read' }),
  afterwards('refresh for more scopes', {}, { scope: 'openid expenses:read expenses:approve' }),
  probe('refresh for fewer scopes, and then for all', async (idp) => {
    const fewer = await refresh(idp, await idp.standardSignIn(), { scope: 'openid expenses:read' })
    return answerInWords(await refresh(idp, fewer))
  }),
  afterwards('refresh by another client', {}, { client_id: 'agent-app-asking' }),
  probe('refresh three times, each with what came before', async (idp) => {
    let answer = await idp.standardSignIn({ authorize: { resource: mcp }, redeem: { resource: mcp } })
    for (let time = 0; time < 3; time++) answer = await refresh(idp, answer, { resource: mcp })
    return answerInWords(answer)
  }),
]

function signIn(name: string, changes: Parameters<ProbeIdp['standardSignIn']>[0]): Probe {
  return probe(`standard sign-in ${name}`, async (idp) => answerInWords(await idp.standardSignIn(changes)))
}

function afterwards(name: string, changes: Parameters<ProbeIdp['standardSignIn']>[0], form: Changes): Probe {
  return probe(name, async (idp) =>
    answerInWords(await refresh(idp, await idp.standardSignIn(changes), form)),
  )
}

function refresh(idp: ProbeIdp, { refresh_token }: TokenAnswer, changes: Changes = {}): Promise<TokenAnswer> {
  return idp.token({ grant_type: 'refresh_token', client_id: 'agent-app', refresh_token, ...changes })
}

function brief({ status, error = '' }: TokenAnswer): string {
  return `${status} ${error}`.trim()
}
