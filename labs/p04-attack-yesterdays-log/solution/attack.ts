import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send'>) {
  await send('expenses', {
    method: 'POST',
    path: '/expenses/103/approve',
    headers: { 'x-api-key': 'demo-key-of-bob' },
  })
}
