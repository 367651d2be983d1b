import type { ToolCall } from '../auth-handler.ts'
import { AuthError } from '../errors.ts'
import type { ApiKey, Service } from '../identity.ts'
import { sameSecret } from '../same-secret.ts'

/** The header that carries an API key to a service. */
export const apiKeyHeader = 'x-api-key'
const scheme = 'ApiKey'

/**
 * Finds the row of the key that a request presents.
 * @throws {AuthError} `missing_credential` without a key, `invalid_api_key` for one that is in no row
 */
export function findApiKey(request: Request, service: Service): ApiKey {
  const presented = request.headers.get(apiKeyHeader)
  if (!presented)
    throw new AuthError('missing_credential', `no API key in the ${apiKeyHeader} header`, { scheme })
  // Every row is compared, each in constant time: how long it takes tells nothing about any key.
  const [row] = service.apiKeys.filter(({ key }) => sameSecret(key, presented))
  if (!row) throw new AuthError('invalid_api_key', 'the API key is not known here', { scheme })
  return row
}

/**
 * The user that a request's key stands for.
 * @throws {AuthError} as {@link findApiKey}, and `invalid_api_key` for a key that stands for no user
 */
export function userOfApiKey(request: Request, service: Service): string {
  const { userId } = findApiKey(request, service)
  if (!userId) throw new AuthError('invalid_api_key', 'the API key stands for no user', { scheme })
  return userId
}

/**
 * The user's key that came with the call.
 * @throws {AuthError} `missing_credential` where the call has none
 */
export function apiKeyOf(call: ToolCall): string {
  if (!call.apiKey) throw new AuthError('missing_credential', 'the call came without the argument api_key')
  return call.apiKey
}
