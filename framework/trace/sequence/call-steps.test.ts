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

const agentQuestion = {
  ...question([], ''),
  url: 'http://pdp/agents/decisions',
  request: {
    headers: {},
    body: JSON.stringify({
      subject: { user: '', roles: [] },
      client: 'nightly-job',
      actors: [],
      action: 'expenses:read',
    }),
  },
} as unknown as Hop

describe('a question to the policy', () => {
  it.each([
    ['the user', question([]), 'relationships: may alice expenses:read?'],
    [
      'the agent that acts for the user',
      question(['mcp-server']),
      'relationships: may alice, through mcp-server, expenses:read?',
    ],
    ['the agent that acts for nobody', agentQuestion, 'agents: may nightly-job expenses:read?'],
    ['nobody', question([], ''), 'relationships: may nobody expenses:read?'],
  ])('names %s', (_whom, hop, asks) => {
    expect(callSteps([hop], asRecorded)).toMatchObject([{ asks, refused: true, answer: 'deny: no' }])
  })
})

describe('a request of the agent for itself', () => {
  const request = (body: string, status = 200) =>
    ({
      from: 'mcp-server',
      to: 'idp',
      method: 'POST',
      url: 'http://idp/token',
      request: { headers: {}, body },
      response: {
        headers: {},
        body: status === 200 ? '{"access_token":"‹jwt sha256:1›"}' : '{"error":"invalid_client"}',
        status,
      },
      tokens: [],
      started: 0,
      duration: 1,
    }) as unknown as Hop
  const grant = 'grant_type=client_credentials&scope=expenses%3Aread'

  it.each([
    [
      'its signature',
      request(`${grant}&client_assertion=x`),
      "a signature by the agent's own key",
      '‹jwt sha256:1›',
    ],
    ['a secret', request(grant), "the client's secret", '‹jwt sha256:1›'],
    ['a refusal', request(grant, 401), "the client's secret", '401 invalid_client'],
  ])('shows %s', (_what, hop, credential, answer) => {
    expect(callSteps([hop], asRecorded)).toMatchObject([
      { asks: 'client credentials: expenses:read', credential, answer },
    ])
  })
})

it('a tool that failed under an HTTP 200 says both', () => {
  const call = (result: string) =>
    ({
      from: 'agent',
      to: 'mcp-server',
      url: 'http://mcp/mcp',
      request: { headers: {}, body: '{"method":"tools/call","params":{"name":"list_expenses"}}' },
      response: { headers: {}, body: `{"result":{"structuredContent":${result}}}`, status: 200 },
      tokens: [],
    }) as unknown as Hop
  const answerTo = (result: string) => callSteps([call(result)], asRecorded)[0]?.answer
  expect(answerTo('{"status":500,"error":"internal_error"}')).toBe("200, and the tool's result is 500")
  expect(answerTo('{"expenses":[]}')).toBe('200')
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
