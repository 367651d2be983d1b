import type { Session, SubjectToken, TokenEndpoint, ToolCall, ToolServer } from '@lab/contract'

/** For tests: a call of `list_expenses`, with a session where `jti` is given. */
export function callOf(jti?: string, changes: Partial<ToolCall> = {}): ToolCall {
  const session: Session = {
    token: 'subject token' as SubjectToken,
    claims: { jti: jti ?? '' },
    userId: 'alice',
    client: 'agent-app',
    roles: ['admin'],
    scopes: ['expenses:read'],
  }
  return {
    tool: 'list_expenses',
    service: 'expenses',
    scope: 'expenses:read',
    args: {},
    ...(jti && { session }),
    traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
    ...changes,
  }
}

/** For tests: what a handler may use, with the token endpoint given. */
export function serverWith(tokenEndpoint: TokenEndpoint): ToolServer {
  return {
    agentApiKey: 'key',
    tokenEndpoint,
    pdp: { decide: async () => [] },
    signer: { proof: async () => 'proof', signRequest: async (_request, headers) => ({ ...headers }) },
    now: Date.now,
  }
}
