/**
 * p12 agent identity: the service knows the agent by a token that the IdP signed for this service, and OPA decides
 * what this agent may have.
 * Knows: the agent, and that no user is named. Does not know: whose wish it was.
 * Still allows: role-escalation, because every user is the agent, and nobody knows for whom it acts.
 * Baseline: p02.
 */
import { type GetIdentity, tokenFrom, verifyAgentToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAgentToken(tokenFrom(request, 'Bearer'), service, { audience })
  return {
    method: 'agent_jwt',
    policy: 'opa/agents',
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity
