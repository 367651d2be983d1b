import { AuthError, type GetIdentity } from '@lab/contract'

/** Quotes the credential wherever it can: in the identity, in a refusal and in an error. */
export const getIdentity = (async (request) => {
  const bearer = request.headers.get('authorization') ?? ''
  const token = request.headers.get('x-user-token') ?? ''
  const { pathname } = new URL(request.url)
  if (pathname === '/documents') throw new AuthError('invalid_token', `what is ${bearer}, and ${token}?`)
  if (pathname.startsWith('/users')) throw new Error(`no idea what ${bearer} is`)
  return {
    method: 'jwt',
    policy: 'roles',
    userId: 'alice',
    roles: ['admin'],
    client: bearer.slice('Bearer '.length),
    rawToken: 'canary-raw-0123456789abcdef',
    claims: { sub: 'alice', nested: { access_token: 'canary-claim-0123456789abcdef' } },
  }
}) satisfies GetIdentity
