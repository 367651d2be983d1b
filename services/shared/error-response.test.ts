import { AuthError } from '@lab/contract'
import { describe, expect, it } from 'vitest'
import { authErrorResponse } from './error-response.ts'

const challengeOf = (error: AuthError, scope?: string) =>
  authErrorResponse(error, { scheme: 'Bearer', realm: 'expenses', scope }).headers.get('www-authenticate')

describe('authErrorResponse', () => {
  it('challenges a 401 even where no operation, and so no scope, is known', () => {
    expect(challengeOf(new AuthError('missing_credential', 'no token'))).toBe('Bearer realm="expenses"')
  })

  it.each(['access_denied', 'grant_refused', 'interaction_required'] as const)(
    'does not challenge a %s: another token would not help',
    (code) => {
      expect(challengeOf(new AuthError(code, 'no'), 'expenses:read')).toBeNull()
    },
  )

  it.each(['idp_unavailable', 'pdp_unavailable', 'replay_cache_full', 'replay_store_unavailable'] as const)(
    'gives a 503 without a challenge for %s: no token would help',
    (code) => {
      const error = new AuthError(code, 'an outage')
      expect(authErrorResponse(error, { scheme: 'Bearer', realm: 'expenses' }).status).toBe(503)
      expect(challengeOf(error, 'expenses:read')).toBeNull()
    },
  )
})
