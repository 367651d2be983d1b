import { describe, expect, it } from 'vitest'
import type { Hop } from '../recorder/hop.ts'
import { asRecorded, callSteps } from './call-steps.ts'

function question(actors: readonly string[], user = 'alice') {
  const input = { subject: { user, roles: [] }, actors, scopes: [], action: 'expenses:read', resources: [] }
  const answer = { allow: false, reason: 'no', rule: 'none' }
  return {
    from: 'expenses',
    to: 'pdp',
    url: 'http://pdp/relationships/decisions',
    request: { headers: {}, body: JSON.stringify(input) },
    response: { headers: {}, body: JSON.stringify([answer]), status: 200 },
    tokens: [],
  } as unknown as Hop
}

describe('a question to the policy', () => {
  it.each([
    ['the user', question([]), 'relationships: may alice expenses:read?'],
    [
      'the agent that acts for the user',
      question(['mcp-server']),
      'relationships: may alice, through mcp-server, expenses:read?',
    ],
    ['nobody', question([], ''), 'relationships: may nobody expenses:read?'],
  ])('names %s', (_whom, hop, asks) => {
    expect(callSteps([hop], asRecorded)).toMatchObject([{ asks, refused: true, answer: 'deny: no' }])
  })
})

describe('the renewal of a session', () => {
  const request = (method: string, body = '') =>
    ({
      from: 'agent',
      to: 'idp',
      method,
      url: 'http://idp/token',
      request: { headers: {}, body },
      response: { headers: {}, body: '{"access_token":"‹jwt for mcp-server sha256:1›"}', status: 200 },
      tokens: [],
      started: 0,
      duration: 1,
    }) as unknown as Hop

  it('is a step of its own, and no sign-in', () => {
    const steps = callSteps([request('GET'), request('POST', 'grant_type=refresh_token')], asRecorded)
    expect(steps).toMatchObject([
      {
        asks: 'renewal of the session',
        credential: 'refresh token',
        answer: '‹jwt for mcp-server sha256:1›',
      },
    ])
  })
})
