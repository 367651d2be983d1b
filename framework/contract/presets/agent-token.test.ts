import { expect, it } from 'vitest'
import type { Signer, TokenEndpoint } from '../auth-handler.ts'
import { agentToken } from './agent-token.ts'

const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'

it('refuses where the MCP server has no client of the agent', async () => {
  await expect(agentToken({ traceparent }, {}, { scope: ['expenses:read'] })).rejects.toMatchObject({
    code: 'grant_refused',
    message: 'the MCP server has no client of the agent at the IdP',
  })
})

it('asks for the agent itself, for this scope alone, and ends when the caller has left', async () => {
  const asked: unknown[] = []
  const agentEndpoint: TokenEndpoint = {
    url: 'http://idp.test/token',
    request: async (...request) => `token ${asked.push(request)}`,
  }
  const { signal } = new AbortController()
  const boundTo: Signer = { proof: async () => 'proof', signRequest: async () => ({}) }
  const scope = ['expenses:read', 'to-expenses']
  const call = { traceparent, signal }
  expect(await agentToken(call, { agentEndpoint }, { scope, boundTo })).toBe('token 1')
  expect(await agentToken({ traceparent }, { agentEndpoint }, { scope })).toBe('token 2')
  const parameters = { grant_type: 'client_credentials', scope: 'expenses:read to-expenses' }
  expect(asked).toEqual([
    [parameters, { traceparent, signal, boundTo }],
    [parameters, { traceparent }],
  ])
})
