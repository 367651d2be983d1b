import type { Kit } from '@lab/framework/learn'

export async function attack({ client, send }: Kit<'client' | 'send'>) {
  await send('expenses', {
    method: 'GET',
    path: '/expenses',
    headers: { authorization: `Bearer ${client.userToken}` },
  })
}
