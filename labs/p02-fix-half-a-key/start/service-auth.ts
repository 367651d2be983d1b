import { AuthError, apiKeyHeader, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const presented = request.headers.get(apiKeyHeader)
  const row = service.apiKeys.find(({ key }) => presented && key.startsWith(presented))
  if (!row) throw new AuthError('invalid_api_key', 'the API key is not known here', { scheme: 'ApiKey' })
  return {
    method: 'api_key',
    policy: 'any-caller',
    client: row.client,
  }
}) satisfies GetIdentity
