import { AuthError, apiKeyHeader, type GetIdentity } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const said = request.headers.get(apiKeyHeader)
  const presented = said
  if (!request.headers.get('x-key-length')) throw new AuthError('invalid_api_key', 'how long is it?')
  const row = service.apiKeys.find(({ key }) => presented && key.startsWith(presented))
  if (!row) throw new AuthError('invalid_api_key', 'the API key is not known here', { scheme: 'ApiKey' })
  return {
    method: 'api_key',
    policy: 'any-caller',
    client: row.client,
  }
}) satisfies GetIdentity
