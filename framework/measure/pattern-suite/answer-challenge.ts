import type { SubjectToken, ToolCall, ToolServer } from '@lab/contract'
import type { Pattern } from '../../runner/load-pattern.ts'

type ProofRequest = Parameters<ToolServer['signer']['proof']>[0]

/** The nonce that the service of {@link proofsAfterChallenge} asked for. */
export const nonce = 'nonce-of-the-service'

/**
 * The proofs that a pattern asks the signer for after the service answered with a nonce (RFC 9449 section 9).
 * The services here never ask for one, so this asks the handler alone.
 */
export async function proofsAfterChallenge({ authHandler }: Pattern): Promise<ProofRequest[]> {
  const proofs: ProofRequest[] = []
  const server: ToolServer = {
    agentApiKey: 'key-of-the-agent',
    tokenEndpoint: { url: 'http://idp.test/token', request: async () => 'exchanged' },
    agentEndpoint: { url: 'http://idp.test/token', request: async () => 'exchanged' },
    pdp: { decide: async () => [] },
    signer: {
      async proof(request) {
        proofs.push(request)
        return 'proof'
      },
      signRequest: async (_request, headers) => ({ ...headers }),
    },
    now: Date.now,
  }
  await authHandler.prepareRequest(call, { method: 'GET', url: 'http://expenses.test/expenses' }, server)
  return proofs
}

const call: ToolCall = {
  tool: 'list_expenses',
  service: 'expenses',
  scope: 'expenses:read',
  args: {},
  apiKey: 'key-of-alice',
  session: {
    token: 'session' as SubjectToken,
    claims: {},
    userId: 'alice',
    client: 'agent-app',
    roles: ['admin'],
    scopes: ['expenses:read'],
  },
  challenge: { scheme: 'DPoP', error: 'use_dpop_nonce', nonce },
  traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
}
