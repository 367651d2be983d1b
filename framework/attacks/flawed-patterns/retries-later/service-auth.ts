/**
 * Retries later: refuses what the gate refuses, and has a worker do it later with the key of the agent.
 * Still allows: role-escalation.
 * Baseline: p06.
 */
import {
  apiKeyHeader,
  findApiKey,
  type GetIdentity,
  type Identity,
  tokenFrom,
  verifyAccessToken,
} from '@lab/contract'

export const getIdentity = (async (request, service): Promise<Identity> => {
  if (request.headers.has(apiKeyHeader)) {
    const { client } = findApiKey(request, service)
    return { method: 'api_key', policy: 'any-caller', client }
  }
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const { userId, roles, client, scopes } = token
  return { method: 'scoped_jwt', policy: 'opa/scope', userId, roles, client, scopes }
}) satisfies GetIdentity
