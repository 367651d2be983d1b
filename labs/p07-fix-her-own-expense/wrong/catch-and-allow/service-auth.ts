import { AuthError, type GetIdentity, tokenFrom, verifyAccessToken } from '@lab/contract'

export const getIdentity = (async (request, service) => {
  const { audience } = service
  const token = await verifyAccessToken(tokenFrom(request, 'Bearer'), service, { audience })
  const isOwn = await ownerOf(request).then(
    (owner) => owner === token.userId,
    () => false,
  )
  if (isOwn) throw new AuthError('access_denied', 'nobody approves their own')
  return {
    method: 'delegated_jwt',
    policy: 'opa/scope',
    userId: token.userId,
    roles: token.roles,
    actors: token.actors,
    client: token.client,
    scopes: token.scopes,
    claims: token.claims,
    rawToken: token.rawToken,
  }
}) satisfies GetIdentity

async function ownerOf(request: Request): Promise<string> {
  const { owner } = (await request.clone().json()) as { owner: string }
  return owner
}
