import type { Kit } from '@lab/framework/learn'

export async function attack({ send }: Kit<'send'>) {
  await send('expenses', { method: 'GET', path: '/expenses', headers: { 'x-api-key': 'demo-key-of-alice' } })
}
