import type { Kit } from '@lab/framework/learn'

export async function attack({ client, fetch, send }: Kit<'client' | 'fetch' | 'send'>) {
  // What you have. The token's middle part says who it is for.
  console.log(client)

  const response = await fetch(client.tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      // And now?
    }),
  })
  console.log(await response.json())

  await send('expenses', { method: 'GET', path: '/expenses' })
}
