import { describe, expect, it } from 'vitest'
import { StableNames } from './stable-names.ts'

const stack = {
  mcpUrl: 'http://127.0.0.1:4001/mcp',
  idp: { issuer: 'http://127.0.0.1:4002/realms/agent-auth' },
  serviceUrls: {
    expenses: 'http://127.0.0.1:4003',
    documents: 'http://127.0.0.1:4004',
    directory: 'http://127.0.0.1:4005',
  },
} as ConstructorParameters<typeof StableNames>[0]

function hop(authorization: string, answer = '') {
  return { request: { headers: { authorization }, body: '' }, response: { headers: {}, body: answer } }
}

const names = new StableNames(stack, [
  hop('Bearer ‹jwt for mcp-server sha256:aaaaaaaa›'),
  hop(
    'Basic ‹client secret›',
    '{"access_token":"‹jwt for expenses sha256:bbbbbbbb›","id_token":"‹jwt for app sha256:dddddddd›"}',
  ),
] as unknown as ConstructorParameters<typeof StableNames>[1])

describe('stable names', () => {
  it.each([
    ['a port', 'GET http://127.0.0.1:4003/expenses?owner=bob', 'GET http://expenses/expenses?owner=bob'],
    ['the issuer', 'iss http://127.0.0.1:4002/realms/agent-auth', 'iss http://idp'],
    ['the first token', '‹jwt for mcp-server sha256:aaaaaaaa›', '‹token 1 for mcp-server›'],
    ['the second token', 'Bearer ‹jwt for expenses sha256:bbbbbbbb›', 'Bearer ‹token 2 for expenses›'],
    [
      'a proof',
      '‹proof GET http://127.0.0.1:4003/expenses sha256:cccccccc›',
      '‹proof for GET http://expenses/expenses›',
    ],
    ['a key', "‹alice's key sha256:aaaaaaaa›", "‹alice's key›"],
    ['any other secret', 'code=‹sha256:abcdef01›', 'code=‹secret›'],
    ['a traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, '‹trace›'],
  ])('replace %s', (_what, text, shown) => {
    expect(names.text(text)).toBe(shown)
  })

  it('say what a header says of its token, and not which key it was', () => {
    const header = { alg: 'ES256', typ: 'dpop+jwt', kid: 'k1', jwk: { kty: 'EC', crv: 'P-256', x: 'x1' } }
    expect([...names.header(header)]).toEqual([
      ['typ', 'dpop+jwt'],
      ['alg', 'ES256'],
      ['kid', '‹id of the signing key›'],
      ['jwk', "‹the MCP server's public key›"],
    ])
  })

  it('tell times by their distance, and hide what is fresh in every token', () => {
    const claims = {
      iss: stack.idp.issuer,
      iat: 1000,
      exp: 1060,
      jti: 'x1',
      act: { sub: 'mcp-server' },
      aud: ['a', 'b'],
      scope: 'openid b a',
    }
    expect(Object.fromEntries(names.claims(claims))).toEqual({
      iss: 'http://idp',
      iat: 't',
      exp: 't + 60 s',
      jti: '‹unique id›',
      act: '{"sub":"mcp-server"}',
      aud: 'a b',
      scope: 'a b openid',
    })
  })
})
