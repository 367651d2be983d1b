import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IdentityProvider, startEmbeddedIdp } from '../../parties/idp/index.ts'
import { readRealm } from '../../scenario/realm/index.ts'
import { clientProbes } from './client-probes.ts'
import { ProbeIdp } from './probe-idp.ts'

const realm = readRealm()
let idp: IdentityProvider
beforeAll(async () => {
  idp = await startEmbeddedIdp({ realm, audit: () => {} })
})
afterAll(() => idp.close())

/** The refusals of the embedded IdP. Everything else that a standard client does comes to its end. */
const refused: Readonly<Record<string, RegExp>> = {
  'standard sign-in with a `resource` that has a fragment': /^invalid_target$/,
  'standard sign-in with a `resource` that is no URI': /^invalid_target$/,
  'standard sign-in without any scope': /^access_denied$/,
  'a code that comes twice': /^400 invalid_grant; then refreshed: 400 invalid_grant$/,
  'refresh for more scopes': /^400 invalid_scope /,
  'refresh by another client': /^400 invalid_grant /,
}
const scopes: Readonly<Record<string, string>> = {
  'standard sign-in without `openid`': 'expenses:read',
  'standard sign-in with `offline_access`': 'expenses:read openid',
  'refresh for fewer scopes': 'expenses:read openid',
}

describe('a standard MCP client, at the embedded IdP', () => {
  it.each(clientProbes)('$name', async ({ name, run }) => {
    const answer = await run(new ProbeIdp(idp, realm))
    const { [name]: refusal } = refused
    if (refusal) return expect(answer).toMatch(refusal)
    const { [name]: scope = 'expenses:read expenses:write openid' } = scopes
    expect(answer).toMatch(new RegExp(`^200 Bearer "${scope}" .*"aud":"mcp-server"`))
  })

  it('has no exception for a probe that there is not', () => {
    const names = clientProbes.map(({ name }) => name)
    for (const name of [...Object.keys(refused), ...Object.keys(scopes)]) expect(names).toContain(name)
  })

  it('is asked for consent all the same where the realm asks for it', async () => {
    const url = `${idp.issuer}/auth?${new URLSearchParams({
      response_type: 'code',
      client_id: 'agent-app-asking',
      redirect_uri: 'http://127.0.0.1/callback',
      scope: 'openid expenses:read',
      prompt: 'none consent',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })}`
    const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
    // The two exclude each other: so `consent` has arrived.
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request')
  })
})
