import { describe, expect, it } from 'vitest'
import { eventsIn } from './read-lines.ts'

const nameOf = (sub: string) => (sub === 'b0b' ? 'bob' : undefined)
const trace = '0af7651916cd43dd8448eb211c80319c'

function keycloakLine(message: string, mdc: object = { traceId: trace }): string {
  const loggerName = 'org.keycloak.events'
  return JSON.stringify({
    timestamp: '2026-11-21T20:00:00.123456789Z',
    loggerName,
    level: 'INFO',
    message,
    mdc,
  })
}

const decision = {
  msg: 'Decision Log',
  timestamp: '2026-11-21T20:00:00.5Z',
  path: 'agentauth/scope/decisions',
  input: {
    subject: { user: 'bob', roles: ['user'] },
    client: 'mcp-server',
    actors: [],
    scopes: ['expenses:read'],
    action: 'expenses:read',
    resources: [
      { type: 'expense', id: '101', owner: 'alice' },
      { type: 'expense', id: '102', owner: 'bob' },
      { type: 'expense', id: '103', owner: 'alice' },
    ],
  },
  result: [
    { allow: false, rule: 'scope/not_the_owner', reason: "alice's" },
    { allow: true, rule: 'scope/own_expense', reason: "bob's own" },
    { allow: false, rule: 'scope/not_the_owner', reason: "alice's" },
  ],
  request_context: { http: { headers: { traceparent: [`00-${trace}-b7ad6b7169203331-01`] } } },
}

const own = {
  time: '2026-11-21T20:00:00.000Z',
  trace,
  source: 'agent',
  action: 'asks',
  outcome: 'allow',
}

describe('eventsIn', () => {
  it.each([
    ['text', 'Updating the configuration and installing your custom providers.'],
    [
      'a log line of another logger',
      JSON.stringify({ loggerName: 'org.keycloak', message: 'type="LOGIN"', mdc: {} }),
    ],
    ['what an administrator did', keycloakLine('operationType="UPDATE", resourceType="CLIENT"')],
    ['a decision without a trace', JSON.stringify({ ...decision, request_context: undefined })],
    ['a decision of another policy', JSON.stringify({ ...decision, path: 'system/authz' })],
    ['JSON that is no object', '42'],
    [
      'a line of a journal with another trace id than a trace can have',
      JSON.stringify({ ...own, trace: 'x' }),
    ],
  ])('finds none in %s', (_case, line) => {
    expect(eventsIn(line, nameOf)).toEqual([])
  })

  it('reads a refusal of Keycloak, with an escaped quote in it', () => {
    const message =
      'type="TOKEN_EXCHANGE_ERROR", realmName="agent-auth", clientId="mcp-server", userId="b0b", sessionId="s1", error="invalid_request", reason="Requested \\"audience\\" not available", audience="nobody"'
    expect(eventsIn(keycloakLine(message), nameOf)).toEqual([
      {
        time: '2026-11-21T20:00:00.123456789Z',
        trace,
        source: 'idp',
        action: 'token_exchange',
        outcome: 'deny',
        decidedBy: 'idp',
        resources: ['audience:nobody'],
        user: 'bob',
        client: 'mcp-server',
        session: 's1',
        reason: 'invalid_request: Requested "audience" not available',
      },
    ])
  })

  it('reads a token that Keycloak issued, also without a trace', () => {
    const message =
      'type="TOKEN_EXCHANGE", clientId="mcp-server", userId="x", username="alice", token_id="ntrtte:1", scope="a b"'
    const [event] = eventsIn(keycloakLine(message, {}), nameOf)
    expect(event).toMatchObject({ outcome: 'allow', user: 'alice', jti: 'ntrtte:1', scopes: ['a', 'b'] })
    expect(event).not.toHaveProperty('trace')
    expect(event?.reason).toBe('granted')
  })

  it('reads an event that the embedded IdP has no name for, and leaves out what Keycloak calls null', () => {
    const message = 'type="INTROSPECT_TOKEN_ERROR", clientId="null", userId="null", error="invalid_token"'
    const [event] = eventsIn(keycloakLine(message), nameOf)
    expect(event).toMatchObject({ action: 'introspect_token', outcome: 'deny', reason: 'invalid_token' })
    expect(event).not.toHaveProperty('client')
  })

  it('reads a decision of OPA, one event for the resources that were decided alike', () => {
    const common = {
      time: decision.timestamp,
      trace,
      source: 'pdp',
      action: 'scope expenses:read',
      user: 'bob',
    }
    expect(eventsIn(JSON.stringify(decision), nameOf)).toMatchObject([
      { ...common, outcome: 'deny', resources: ['expense:101', 'expense:103'], rule: 'scope/not_the_owner' },
      {
        ...common,
        outcome: 'allow',
        resources: ['expense:102'],
        rule: 'scope/own_expense',
        client: 'mcp-server',
      },
    ])
  })

  it('reads a line of our own journal as it was written', () => {
    expect(eventsIn(JSON.stringify(own), nameOf)).toEqual([own])
  })
})
