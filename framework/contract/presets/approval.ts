import { AuthError } from '../errors.ts'
import type { AskedFor, Service } from '../identity.ts'
import { sameSecret } from '../same-secret.ts'
import { isSensitive } from '../tools.ts'
import { type AccessToken, clockToleranceSeconds } from './access-token.ts'
import { type ActionDetails, actionDetailsIn, argumentText } from './action-details.ts'

/**
 * Compares the action that the user approved with the one that this request asks for, and takes the approval: a token
 * with `authorization_details` (RFC 9396 section 9.1) is good for one request, and for no other one than it says.
 * @returns the user who approved; undefined for a tool that needs no approval
 * @throws {AuthError} `interaction_required` for a sensitive tool without an approval, `access_denied` for an approval of
 *   something else, or one that was used before, `replay_cache_full`, `replay_store_unavailable`
 */
export async function verifyApproval(service: Service, token: AccessToken): Promise<string | undefined> {
  const asked = await service.askedFor?.()
  if (!asked) throw new AuthError('access_denied', 'the service does not say what this request asks for')
  const { authorization_details: details } = token.claims
  if (details === undefined) {
    if (!isSensitive(asked.tool)) return undefined
    throw new AuthError('interaction_required', `nobody approved this: ${asked.tool} needs a yes of the user`)
  }
  const action = Array.isArray(details) && details.length === 1 ? actionDetailsIn(details[0]) : undefined
  if (!action) throw new AuthError('access_denied', 'the token carries no approval of one action')
  const other = differencesIn(action, asked, service)
  if (other.length > 0) {
    throw new AuthError('access_denied', `the approval is for something else: ${other.join(', ')}`)
  }
  await take(service, token)
  return token.userId
}

/** The names of what differs. Each is compared, whatever came out of the others. */
function differencesIn(action: ActionDetails, asked: AskedFor, service: Service): string[] {
  const names = [...new Set([...Object.keys(action.arguments), ...Object.keys(asked.args)])]
  const others = names.filter((name) => !isSame(own(action.arguments, name), own(asked.args, name)))
  return [
    ...(isSame(action.locations[0], service.audience) ? [] : ['another service']),
    ...(isSame(action.tool, asked.tool) ? [] : ['another tool']),
    ...others,
  ]
}

/** As text: a number in a path is one. What is missing on a side, or is no single value, is the same as nothing. */
function isSame(approved: unknown, asked: unknown): boolean {
  const [one, other] = [argumentText(approved), argumentText(asked)]
  return one !== undefined && other !== undefined && sameSecret(one, other)
}

function own(args: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined
}

/** Remembers the token as long as it could be presented: the next one to bring it is refused. */
async function take(service: Service, { claims, userId }: AccessToken): Promise<void> {
  const { jti, exp } = claims
  if (typeof jti !== 'string' || typeof exp !== 'number') {
    throw new AuthError('access_denied', 'the approval has no id (jti), so it could come twice')
  }
  const forgettableAt = (exp + clockToleranceSeconds + 1) * 1000
  if ((await service.replay.add(`approval.${jti}`, forgettableAt, service.now(), userId)) !== 'first') {
    throw new AuthError('access_denied', 'this approval was used before (jti)')
  }
}
